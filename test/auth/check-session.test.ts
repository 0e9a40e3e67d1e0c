import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { capability } from '../../src/auth/capability.ts'
import { checkSession } from '../../src/auth/check-session.ts'
import type { OtherKind } from '../../src/auth/validate-tokens.ts'
import { unavailable } from '../../src/http/refusal.ts'
import { route } from '../../src/http/router.ts'
import { object, text } from '../../src/http/shape.ts'
import { keyOf } from '../../src/tokens/token.ts'
import { asToken, basic, bearer, post, readAnswer } from '../kit/auth-calls.ts'
import { manualClock } from '../kit/clock.ts'
import { endpoint } from '../kit/endpoint.ts'
import { logIn, serviceTokenOf, startTestAuth, testPurposes } from '../kit/servers.ts'
import { assertUnavailable } from '../kit/unavailable.ts'

const whoAmI = capability({
  name: 'test',
  register: ({ tokens, purposes, kinds }) => ({
    routes: [
      route('/who', {
        GET: endpoint({
          access: 'user',
          answers: { 200: object({ id: text(), sub: text(), scope: text() }) },
        }).handle(async (call) => {
          const dependencies = { tokens, purpose: purposes.session, kinds }
          const { id, sub, scope } = await checkSession(dependencies, call)
          return { status: 200, body: { id, sub, scope } }
        }),
      }),
    ],
  }),
})

function otherKind(find: OtherKind['find']): OtherKind {
  const hasShape = (token: string) => token.startsWith('other.')
  return { hasShape, validate: async () => [], find, end: async () => undefined }
}

/** auth with an endpoint for users, and a session that is 20 of its 30 seconds old. */
async function startWithSession(t: TestContext) {
  const clock = manualClock()
  const auth = await startTestAuth(t, { capabilities: [whoAmI], clock })
  const token = asToken(await logIn(auth.url))
  clock.advance(20_000)
  const ask = (headers: Record<string, string>) => fetch(`${auth.url}/who`, { headers })
  const peek = () => auth.tokens.peek(keyOf(token), testPurposes.session)
  const wasReinflated = async () => (await peek())?.refreshCount !== 0
  return { ...auth, clock, token, ask, peek, wasReinflated }
}

describe('a call for a logged-in user', () => {
  it('says whose session it is, and lets the session live on', async (t) => {
    const { clock, ask, peek, token, user } = await startWithSession(t)

    const first = await readAnswer(await ask({ authorization: bearer(token) }))
    clock.advance(20_000)
    const second = await readAnswer(await ask({ authorization: bearer(token) }))

    const living = await peek()
    assert.deepEqual(first.body, { id: living?.id, sub: user.id, scope: '' })
    assert.deepEqual(second.body, first.body)
    assert.equal(living?.refreshCount, 2)
  })

  it('says whose token of another form it is, where its kind knows that', async (t) => {
    const { additions, ask } = await startWithSession(t)
    const somebody = { id: 'a-login', sub: 'somebody', scope: 'one two' }
    additions.push({ kinds: [otherKind(async () => somebody)] })

    const { status, body } = await readAnswer(await ask({ authorization: 'Bearer other.good' }))

    assert.deepEqual([status, body], [200, somebody])
  })

  it('is refused with a token of another form whose kind does not know it', async (t) => {
    const { additions, ask } = await startWithSession(t)
    additions.push({ kinds: [otherKind(async () => undefined)] })

    const { status, body } = await readAnswer(await ask({ authorization: 'Bearer other.dead' }))

    assert.deepEqual([status, body.error], [401, 'invalid_token'])
  })

  it('is a 503 where the kind of its token cannot tell', async (t) => {
    const { additions, ask } = await startWithSession(t)
    const cannotTell = async () => {
      throw unavailable('Not now.')
    }
    additions.push({ kinds: [otherKind(cannotTell)] })

    await assertUnavailable(await ask({ authorization: 'Bearer other.good' }))
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
