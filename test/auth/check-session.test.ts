import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { capability } from '../../src/auth/capability.ts'
import { checkSession } from '../../src/auth/check-session.ts'
import { endpoint } from '../../src/http/endpoint.ts'
import { route } from '../../src/http/router.ts'
import { count, object, text } from '../../src/http/shape.ts'
import { keyOf } from '../../src/tokens/token.ts'
import { asToken, basic, bearer, post, readAnswer } from '../kit/auth-calls.ts'
import { manualClock } from '../kit/clock.ts'
import { logIn, serviceTokenOf, startTestAuth, testPurposes } from '../kit/servers.ts'
import { assertUnavailable } from '../kit/unavailable.ts'

const whoAmI = capability({
  name: 'test',
  register: ({ tokens, purposes }) => ({
    routes: [
      route('/who', {
        GET: endpoint({ answers: { 200: object({ sub: text(), refreshed: count() }) } }).handle(
          async (call) => {
            const session = await checkSession({ tokens, purpose: purposes.session }, call)
            return { status: 200, body: { sub: session.sub, refreshed: session.refreshCount } }
          },
        ),
      }),
    ],
  }),
})

/** auth with an endpoint for users, and a session that is 20 of its 30 seconds old. */
async function startWithSession(t: TestContext) {
  const clock = manualClock()
  const auth = await startTestAuth(t, { capabilities: [whoAmI], clock })
  const token = asToken(await logIn(auth.url))
  clock.advance(20_000)
  const ask = (headers: Record<string, string>) => fetch(`${auth.url}/who`, { headers })
  const peek = () => auth.tokens.peek(keyOf(token), testPurposes.session)
  const wasReinflated = async () => (await peek())?.refreshCount !== 0
  return { ...auth, clock, token, ask, wasReinflated }
}

describe('a call for a logged-in user', () => {
  it('says whose session it is, and lets the session live on', async (t) => {
    const { clock, ask, token, user } = await startWithSession(t)

    const first = await readAnswer(await ask({ authorization: bearer(token) }))
    clock.advance(20_000)
    const second = await readAnswer(await ask({ authorization: bearer(token) }))

    assert.deepEqual(first.body, { sub: user.id, refreshed: 1 })
    assert.deepEqual(second.body, { sub: user.id, refreshed: 2 })
  })

  it('is refused without a bearer token with a challenge that has no error code', async (t) => {
    const { ask, wasReinflated } = await startWithSession(t)

    const bare = await readAnswer(await ask({}))
    const credentials = await readAnswer(await ask({ authorization: basic('user', 'password') }))

    for (const { status, headers, body } of [bare, credentials]) {
      assert.equal(status, 401)
      assert.equal(headers.get('www-authenticate'), 'Bearer realm="sallyport"')
      assert.equal(body.error, 'missing_token')
    }
    assert.equal(await wasReinflated(), false)
  })

  it('is refused with a token that is unknown, misshapen, or for servers', async (t) => {
    const { url, ask, wasReinflated } = await startWithSession(t)
    const unknown = `sp_s_${'a'.repeat(12)}_${'b'.repeat(43)}`
    const tokens = [unknown, 'misshapen', await serviceTokenOf(url)]

    const answers = await Promise.all(tokens.map((one) => ask({ authorization: bearer(one) })))

    for (const answer of answers) {
      const { status, headers, body } = await readAnswer(answer)
      assert.equal(status, 401)
      assert.match(headers.get('www-authenticate') ?? '', /error="invalid_token"/)
      assert.equal(body.error, 'invalid_token')
    }
    assert.equal(await wasReinflated(), false)
  })

  it('is refused with a session that ended, by time or by its user', async (t) => {
    const { url, clock, ask, token } = await startWithSession(t)
    const other = await logIn(url)
    await post(`${url}/logout`, { authorization: bearer(other) })
    clock.advance(10_000)

    const expired = await readAnswer(await ask({ authorization: bearer(token) }))
    const ended = await readAnswer(await ask({ authorization: bearer(other) }))

    assert.equal(expired.body.error, 'invalid_token')
    assert.equal(ended.body.error, 'invalid_token')
  })

  it('is a 503 where the store cannot tell', async (t) => {
    const { tokens, ask, token } = await startWithSession(t)
    await tokens.close()

    const answer = await ask({ authorization: bearer(token) })

    await assertUnavailable(answer)
  })
})
