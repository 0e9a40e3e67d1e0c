import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { createAskAuth } from '../../src/business/ask-auth.ts'
import { connectToAuth } from '../../src/business/auth-connection.ts'
import { businessRoutes } from '../../src/business/routes.ts'
import { createServiceToken } from '../../src/business/service-token.ts'
import { createValidator, type Validate } from '../../src/business/validator.ts'
import { systemClock } from '../../src/clock.ts'
import { createReadiness } from '../../src/http/health.ts'
import { validateScope } from '../../src/validation.ts'
import { after, startFakeAuth, validateAll } from '../kit/fake-auth.ts'
import { recordedLog } from '../kit/log.ts'
import { serveRoutes, testClient } from '../kit/servers.ts'
import { openSocket, statusesIn } from '../kit/sockets.ts'

/** Asks for /data over an open socket and resolves with all that came back. */
function askOver(socket: Socket, token: string): Promise<string> {
  return new Promise((resolve) => {
    let received = ''
    socket.on('data', (chunk) => {
      received += chunk.toString('utf8')
    })
    socket.once('close', () => resolve(received))
    const head = `GET /data HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n`
    socket.write(`${head}Connection: close\r\n\r\n`)
  })
}

/** Good ones, dead ones and malformed ones, all different. */
const tokens = Array.from({ length: 200 }, (_, index) => {
  if (index % 10 === 0) return `malformed"${index}`
  return index % 3 === 0 ? `dead-${index}` : `good-${index}`
})

const wellFormed = tokens.filter((token) => !token.startsWith('malformed'))
const isGood = (token: string) => token.startsWith('good')

/**
 * All tokens at once, with auth delayed by 50 ms. What makes the requests simultaneous is not the speed of the machine:
 * auth answers nothing until the last of them has reached the validator.
 */
async function askAllAtOnce(t: TestContext) {
  const auth = await startFakeAuth(t)
  const { allArrived, url } = await startCountingBusiness(t, auth.url)
  auth.always('/validateToken', (call, response) => {
    void allArrived.then(() => after(50, validateAll)(call, response))
  })
  const sockets = await Promise.all(tokens.map(() => openSocket(t, url)))
  const answers = await Promise.all(
    sockets.map((socket, index) => askOver(socket, tokens[index] ?? '')),
  )
  return { auth, answers }
}

/** A business that says when every well-formed token has reached its validator. */
async function startCountingBusiness(t: TestContext, authUrl: string) {
  const clock = systemClock
  const limits = { deadlineMilliseconds: 10_000, maxAnswerBytes: 1024 * 1024 }
  const connection = connectToAuth({ url: authUrl, clock, ...limits })
  t.after(() => connection.close())
  const client = { connection, client: testClient, scope: validateScope, now: clock.now }
  const serviceToken = createServiceToken(client)
  const askAuth = createAskAuth({ connection, serviceToken })
  const validate = createValidator({ askAuth, maxWaiting: 1_000 })
  let missing = wellFormed.length
  let sayAllArrived = () => {}
  const allArrived = new Promise<void>((resolve) => {
    sayAllArrived = resolve
  })
  const countingValidate: Validate = (token, call) => {
    missing--
    if (missing === 0) sayAllArrived()
    return validate(token, call)
  }
  const log = recordedLog()
  const readiness = createReadiness({ probes: {}, log, clock, deadlineMilliseconds: 1_000 })
  const routes = businessRoutes({
    validate: countingValidate,
    readiness,
    additions: [],
    version: '1',
  })
  const { url } = await serveRoutes(t, routes, { log, clock })
  return { allArrived, url }
}

describe('200 simultaneous requests, with auth delayed by 50 ms', () => {
  it('cost at most five calls, and every answer belongs to its own token', async (t) => {
    const { auth, answers } = await askAllAtOnce(t)

    assert.ok(auth.callsTo('/validateToken').length <= 5)
    assert.deepEqual(
      answers.map((one) => statusesIn(one)),
      tokens.map((token) => [isGood(token) ? 200 : 401]),
    )
    assert.deepEqual(
      answers.map((one) => /Hello, the owner of (.*)!/.exec(one)?.[1]),
      tokens.map((token) => (isGood(token) ? token : undefined)),
    )
  })

  it('ask about every well-formed token once and about no malformed one', async (t) => {
    const { auth } = await askAllAtOnce(t)

    assert.deepEqual(auth.lists().flat().toSorted(), wellFormed.toSorted())
  })
})
