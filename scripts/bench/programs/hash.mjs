/** Bare scrypt, a few at once and without pause: what logins are compared with. Prints the rate. */
import { randomBytes, scrypt } from 'node:crypto'

const { parameters, concurrency, seconds } = JSON.parse(process.argv[2])
const { ln, r, p } = parameters
const options = { N: 2 ** ln, r, p, maxmem: 256 * 2 ** ln * r }

const endsAt = performance.now() + seconds * 1000
const endings = []

function hash() {
  scrypt('postman', randomBytes(16), 32, options, (error) => {
    if (error !== null) throw error
    endings.push(performance.now())
    if (performance.now() < endsAt) hash()
  })
}

for (let started = 0; started < concurrency; started++) hash()

process.on('exit', () => {
  const whole = (endings.at(-1) - endings[0]) / 1000
  process.stdout.write(JSON.stringify({ perSecond: (endings.length - 1) / whole }))
})
