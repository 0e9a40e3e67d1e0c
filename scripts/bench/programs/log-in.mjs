/** Clients that log in again as soon as they were answered. Prints how many logins a second that made. */
import { Agent, request } from 'node:http'

const { url, credentials, clients, seconds } = JSON.parse(process.argv[2])
const body = JSON.stringify(credentials)
const headers = { 'content-type': 'application/json', 'content-length': body.length }
const agent = new Agent({ keepAlive: true, maxSockets: clients })

const endsAt = performance.now() + seconds * 1000
const answers = []

function logIn() {
  const call = request(`${url}/login`, { method: 'POST', agent, headers }, (response) => {
    response.resume().on('end', () => {
      if (response.statusCode !== 200) throw new Error(`/login answered ${response.statusCode}`)
      answers.push(performance.now())
      logIn()
    })
  })
  call.end(body)
}

for (let started = 0; started < clients; started++) logIn()

// Who is still waiting is cut off; the server does their work all the same.
setTimeout(() => {
  const inTime = answers.filter((at) => at <= endsAt)
  const whole = (inTime.at(-1) - inTime[0]) / 1000
  const result = { perSecond: (inTime.length - 1) / whole, answered: inTime.length }
  process.stdout.write(JSON.stringify(result), () => process.exit())
}, seconds * 1000)
