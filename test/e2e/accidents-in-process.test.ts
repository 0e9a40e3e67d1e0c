/** Accidents that show better where a test can hold up, break or count a part of a server. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { describe, it, type TestContext } from 'node:test'
import { startCleanup } from '../../src/auth/cleanup.ts'
import { readValidations } from '../../src/business/ask-auth.ts'
import { createPasswords } from '../../src/passwords/passwords.ts'
import { deriveByScrypt } from '../../src/passwords/phc.ts'
import { createQueue } from '../../src/passwords/queue.ts'
import { memoryTokenStore } from '../../src/storage/memory/tokens.ts'
import type { TokenStore } from '../../src/storage/ports.ts'
import { manualClock } from '../kit/clock.ts'
import { postLogin, postValidation, refusalIn, unknownToken } from '../kit/demo.ts'
import { listenOnFreePort } from '../kit/listen.ts'
import { recordedLog } from '../kit/log.ts'
import {
  cheapParameters,
  getData,
  logIn,
  serviceTokenOf,
  startTestAuth,
  startTestBusiness,
} from '../kit/servers.ts'

describe('Accidents inside the servers', () => {
  it('never lets the cleanup die of its first error', async () => {
    const clock = manualClock()
    const log = recordedLog()
    let rounds = 0
    const evictExpired = async () => {
      rounds++
      if (rounds === 1) throw new Error('the first round fails')
      return { evicted: 1, isDone: true }
    }
    const stop = startCleanup({
      sweeper: { evictExpired, count: async () => 0 },
      clock,
      log,
      intervalSeconds: 15,
    })
    clock.advance(15_000)
    await turns()

    clock.advance(15_000)
    await turns()
    stop()

    assert.equal(log.find('the cleanup failed and will be tried again').length, 1)
    assert.equal(log.find('cleaned up').length, 1)
  })

  it('never skips the derivation for an unknown user or an empty password', async (t) => {
    const derived: unknown[] = []
    const passwords = createPasswords({
      parameters: cheapParameters,
      queue: createQueue({ concurrency: 1, maxWaiting: 10 }),
      deriveKey: (password, salt, parameters, length) => {
        derived.push(parameters)
        return deriveByScrypt(password, salt, parameters, length)
      },
    })
    const auth = await startTestAuth(t, { passwords })
    derived.length = 0

    const unknown = await postLogin(auth.url, { username: 'nobody@example.com', password: 'x' })
    const empty = await postLogin(auth.url, { username: 'user@example.com', password: '' })

    assert.deepEqual([unknown.status, empty.status], [401, 401])
    assert.deepEqual(derived, [cheapParameters, cheapParameters])
  })

  it('never gives data before auth has answered', async (t) => {
    const auth = await startSlowAuth(t)
    const business = await startTestBusiness(t, { authUrl: auth.url })
    let isAnswered = false
    const answer = getData(business.url, unknownToken).finally(() => {
      isAnswered = true
    })
    await auth.asked
    await turns(50)
    const wasAnsweredEarly = isAnswered

    auth.answer('{"results":[{"authenticated":false}]}')

    assert.equal(wasAnsweredEarly, false)
    assert.equal((await refusalIn(await answer)).code, 'invalid_token')
  })

  it('never judges a token before the service token of who asks is judged', async (t) => {
    let reinflated = 0
    const store = memoryTokenStore({ now: Date.now, maxTokens: 10_000, reservedPlaces: 1_000 })
    const tokens: TokenStore = {
      ...store,
      peek: async () => {
        await turns(20)
        return undefined
      },
      reinflate: async (keys, purpose) => {
        reinflated++
        return await store.reinflate(keys, purpose)
      },
    }
    const auth = await startTestAuth(t, { tokens })
    const [token, service] = [await logIn(auth.url), await serviceTokenOf(auth.url)]

    const response = await postValidation(auth.url, `Bearer ${service}`, { token })

    assert.equal((await refusalIn(response)).code, 'invalid_token')
    assert.equal(reinflated, 0)
  })

  it('never says that a session was ended though the store failed', async (t) => {
    const store = memoryTokenStore({ now: Date.now, maxTokens: 10_000, reservedPlaces: 1_000 })
    const revoke = () => Promise.reject(new Error('the connection is gone'))
    const auth = await startTestAuth(t, { tokens: { ...store, revoke } })
    const [token, service] = [await logIn(auth.url), await serviceTokenOf(auth.url)]
    const headers = { authorization: `Bearer ${token}` }

    const response = await fetch(`${auth.url}/logout`, { method: 'POST', headers })

    assert.equal((await refusalIn(response)).code, 'server_error')
    const validated = await postValidation(auth.url, `Bearer ${service}`, { token })
    assert.equal(Reflect.get(Object(await validated.json()), 'authenticated'), true)
  })

  it('never reads "0", "false" or anything but true as true', () => {
    const rest =
      '"sub":"s","name":"n","scope":"","purpose":"session","issued_at":1,"expires_in":1,"cap_in":1,"refresh_count":1'
    for (const value of ['"0"', '"false"', '"true"', '0', '1', 'null', '[]', '{}', '[true]']) {
      const text = `{"results":[{"authenticated":${value},${rest}}]}`
      assert.throws(() => readValidations({ status: 200, text }, 1), /cannot be read/, value)
    }
  })
})

/** Lets the event loop go round. */
async function turns(count = 5): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise(setImmediate)
}

/** An auth that grants service tokens at once and validates when it is told to. */
async function startSlowAuth(t: TestContext) {
  const service = { access_token: 'x', token_type: 'Bearer', expires_in: 300, scope: '' }
  let answer = (_body: string) => {}
  let announce = () => {}
  const asked = new Promise<void>((resolve) => {
    announce = resolve
  })
  const server = createServer((request, response) => {
    request.resume()
    if (request.url === '/token') {
      response.end(JSON.stringify(service))
      return
    }
    answer = (body) => void response.end(body)
    announce()
  })
  t.after(() => server.closeAllConnections())
  const url = await listenOnFreePort(t, server)
  return { url, asked, answer: (body: string) => answer(body) }
}
