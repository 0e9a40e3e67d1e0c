import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { aliveValidation, answer, type Behaviour, startFakeAuth } from '../kit/fake-auth.ts'
import { recordedLog } from '../kit/log.ts'
import { getData, startTestBusiness } from '../kit/servers.ts'
import { assertLogIsClean, assertUnavailable } from '../kit/unavailable.ts'

/** Not of the shape that the log strikes out by itself. */
const token = 'a-bearer-token-of-no-known-shape'
/** So long that it decides nothing here. */
const deadlineMilliseconds = 10_000
const maxAnswerBytes = 64 * 1024

/** One request while auth behaves so to a validation; then auth is well again, and the next request is served. */
async function answersUnavailable(t: TestContext, behaviour: Behaviour) {
  const auth = await startFakeAuth(t)
  const log = recordedLog()
  const business = await startTestBusiness(t, {
    authUrl: auth.url,
    log,
    maxAnswerBytes,
    deadlineMilliseconds,
  })
  auth.next('/validateToken', behaviour)

  const response = await getData(business.url, token)

  await assertUnavailable(response)
  assert.deepEqual(auth.lists(), [[token]])
  const next = await getData(business.url, token)
  assert.equal(next.status, 200)
  assertLogIsClean(log, token, 'top-secret')
  return { auth, log }
}

const alive = aliveValidation('Reader')

describe('business, where auth answers a validation with another status', () => {
  it('answers 503 for a 500', async (t) => {
    await answersUnavailable(t, answer(500, { error: 'server_error' }))
  })

  it('answers 503 for a 500 that lets everybody in', async (t) => {
    await answersUnavailable(t, answer(500, { results: [alive] }))
  })

  it('answers 503 for a 503', async (t) => {
    await answersUnavailable(t, answer(503, { error: 'temporarily_unavailable' }))
  })

  it('answers 503 for a 400', async (t) => {
    await answersUnavailable(t, answer(400, { error: 'invalid_request' }))
  })

  it('answers 503 for a 403: that business may not ask is not the fault of its client', async (t) => {
    await answersUnavailable(t, answer(403, { error: 'insufficient_scope' }))
  })

  it('answers 503 for a 404', async (t) => {
    await answersUnavailable(t, answer(404, { error: 'not_found' }))
  })

  it('answers 503 for a 201 that lets everybody in', async (t) => {
    await answersUnavailable(t, answer(201, { results: [alive] }))
  })

  it('answers 503 for a redirect and does not follow it', async (t) => {
    const stranger = await startFakeAuth(t)
    const location = `${stranger.url}/validateToken`

    const { auth } = await answersUnavailable(t, answer(307, '', { location }))

    assert.deepEqual(stranger.calls, [])
    assert.equal(auth.callsTo('/validateToken').length, 2)
  })
})

describe('business, where auth answers a validation with something else', () => {
  it('answers 503 for a page of HTML, and repeats nothing of it', async (t) => {
    const { log } = await answersUnavailable(t, answer(200, `<p>${token} is top-secret</p>`))

    assert.equal(log.text().includes('<p>'), false)
  })

  it('answers 503 for an empty answer', async (t) => {
    await answersUnavailable(t, answer(200, ''))
  })

  it('answers 503 for bytes that are no UTF-8', async (t) => {
    await answersUnavailable(t, (_call, response) => {
      response.end(Buffer.from([0xff, 0xfe, 0x00, 0x7b]))
    })
  })

  it('answers 503 for something that is not HTTP', async (t) => {
    await answersUnavailable(t, (_call, response) => {
      response.socket?.end(`top-secret ${token}\r\n\r\n`)
    })
  })

  it('answers 503 for no result at all', async (t) => {
    await answersUnavailable(t, answer(200, { results: [] }))
  })

  it('answers 503 for one result too many', async (t) => {
    await answersUnavailable(t, answer(200, { results: [alive, alive] }))
  })

  it('answers 503 for the answer to a single token', async (t) => {
    await answersUnavailable(t, answer(200, alive))
  })

  it('answers 503 where authenticated is the string "true"', async (t) => {
    await answersUnavailable(t, answer(200, { results: [{ ...alive, authenticated: 'true' }] }))
  })

  it('answers 503, and no 401, where authenticated is the string "false"', async (t) => {
    await answersUnavailable(t, answer(200, { results: [{ authenticated: 'false' }] }))
  })

  it('answers 503, and no 401, where authenticated is "0"', async (t) => {
    await answersUnavailable(t, answer(200, { results: [{ authenticated: '0' }] }))
  })

  it('answers 503 where authenticated is 1', async (t) => {
    await answersUnavailable(t, answer(200, { results: [{ ...alive, authenticated: 1 }] }))
  })

  it('answers 503 where a number is a string', async (t) => {
    await answersUnavailable(t, answer(200, { results: [{ ...alive, expires_in: '30' }] }))
  })

  it('answers 503 where nobody is named as the owner', async (t) => {
    await answersUnavailable(t, answer(200, { results: [{ authenticated: true }] }))
  })

  it('answers 503, and no 401, where the result is null', async (t) => {
    await answersUnavailable(t, answer(200, { results: [null] }))
  })
})

describe('business, where auth answers a validation with a huge body', () => {
  it('answers 503 where its length is told, though it is well-formed', async (t) => {
    const name = 'x'.repeat(maxAnswerBytes)

    await answersUnavailable(t, answer(200, { results: [aliveValidation(name)] }))
  })

  it('answers 503 where it never ends, and reads no more of it', async (t) => {
    let isCut = false
    const endless: Behaviour = (_call, response) => {
      const chunk = Buffer.alloc(16 * 1024, ' ')
      const pour = () => {
        while (!response.destroyed && response.write(chunk));
      }
      response.on('drain', pour)
      response.on('close', () => {
        isCut = true
      })
      pour()
    }

    await answersUnavailable(t, endless)

    assert.ok(isCut)
  })

  it('answers 503 where its headers never end', async (t) => {
    await answersUnavailable(t, (_call, response) => {
      response.socket?.end(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(maxAnswerBytes)}\r\n\r\n`)
    })
  })
})
