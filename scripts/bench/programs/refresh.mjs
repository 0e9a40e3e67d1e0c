/**
 * Clients that log in for JWTs and then refresh again as soon as they were answered, each on with the token that it got.
 * Prints how many refreshes a second that made, and how long they took.
 */
import { Agent, request } from 'node:http'

const { url, credentials, clients, warmUpSeconds, seconds } = JSON.parse(process.argv[2])
const agent = new Agent({ keepAlive: true, maxSockets: clients })

function post(path, fields) {
  const body = JSON.stringify(fields)
  const headers = { 'content-type': 'application/json', 'content-length': body.length }
  return new Promise((resolve, reject) => {
    const call = request(`${url}${path}`, { method: 'POST', agent, headers }, (response) => {
      let text = ''
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => {
        if (response.statusCode === 200) resolve(JSON.parse(text))
        else reject(new Error(`${path} answered ${response.statusCode}`))
      })
    })
    call.on('error', reject).end(body)
  })
}

const firsts = []
while (firsts.length < clients) firsts.push(await post('/login/jwt', credentials))

const startsAt = performance.now() + warmUpSeconds * 1000
const endsAt = startsAt + seconds * 1000
const durations = []

async function refreshOn(first) {
  let sentAt = performance.now()
  for (let { refresh_token } = first; sentAt < endsAt; ) {
    ;({ refresh_token } = await post('/refresh', { refresh_token }))
    const answeredAt = performance.now()
    if (sentAt >= startsAt && answeredAt <= endsAt) durations.push(answeredAt - sentAt)
    sentAt = answeredAt
  }
}

await Promise.all(firsts.map(refreshOn))
durations.sort((one, other) => one - other)
const p99 = durations[Math.floor(durations.length * 0.99)]
process.stdout.write(JSON.stringify({ perSecond: durations.length / seconds, p99 }))
agent.destroy()
