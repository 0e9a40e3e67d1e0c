import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Addition, capability, extensionsOf } from '../../src/auth/capability.ts'
import { configuredClients } from '../../src/auth/clients.ts'
import type { LoginAttempt } from '../../src/auth/login-steps.ts'
import type { SecurityEvent } from '../../src/auth/security-events.ts'
import { readConfig } from '../../src/config.ts'
import { nothing } from '../../src/http/endpoint.ts'
import { Refusal, unavailable } from '../../src/http/refusal.ts'
import { route } from '../../src/http/router.ts'
import { integer, readBy } from '../../src/variable-kinds.ts'
import { bearer, post } from '../kit/auth-calls.ts'
import { startCountedAuth } from '../kit/auth-parts.ts'
import { problemsOf } from '../kit/config-problems.ts'
import { endpoint } from '../kit/endpoint.ts'
import { logIn, serviceTokenOf, startTestAuth } from '../kit/servers.ts'

const adding = (addition: Addition) => capability({ name: 'test', register: () => addition })
const end = async () => undefined
const find = end
const wrong = { username: 'user@example.com', password: 'wrong horse' }

describe('a capability', () => {
  it('adds routes', async (t) => {
    const act = endpoint({ answers: { 204: nothing } }).handle(() => ({
      status: 204,
      body: undefined,
    }))
    const { url } = await startTestAuth(t, {
      capabilities: [adding({ routes: [route('/extra', { GET: act })] })],
    })

    assert.equal((await fetch(`${url}/extra`)).status, 204)
  })

  it('adds steps before a login is checked, when its password was right and when it was issued', async (t) => {
    const seen: string[] = []
    const note = (name: string) => async (attempt: LoginAttempt) =>
      void seen.push(`${name} ${attempt.user?.name} ${attempt.issued?.living.name}`)
    const login = { begun: note('begun'), checked: note('checked'), issued: note('issued') }
    const { url } = await startTestAuth(t, { capabilities: [adding({ login })] })

    await logIn(url)
    await assert.rejects(logIn(url, wrong))

    assert.deepEqual(seen, [
      'begun undefined undefined',
      'checked Test User undefined',
      'issued Test User Test User',
      'begun undefined undefined',
    ])
  })

  it('adds steps after a login that has ended otherwise, wherever it was', async (t) => {
    const seen: string[] = []
    let refused: 'begun' | 'checked' | 'issued' | undefined
    const refuseAt = (place: typeof refused) => async () => {
      if (refused === place) throw new Refusal('not_found', `Not ${place}.`)
    }
    const failed = async (_: LoginAttempt, error: unknown) => void seen.push(String(error))
    const steps = { begun: refuseAt('begun'), checked: refuseAt('checked') }
    const login = { ...steps, issued: refuseAt('issued'), failed }
    const { url } = await startTestAuth(t, { capabilities: [adding({ login })] })

    await logIn(url)
    await assert.rejects(logIn(url, wrong), /401/)
    for (const place of ['begun', 'checked', 'issued'] as const) {
      refused = place
      await assert.rejects(logIn(url), /404/)
    }

    assert.deepEqual(seen, [
      'Refusal: The user name or the password is wrong.',
      'Refusal: Not begun.',
      'Refusal: Not checked.',
      'Refusal: Not issued.',
    ])
  })

  it('knows an attempt again, from its beginning to its end', async (t) => {
    const seen: LoginAttempt[] = []
    const note = async (attempt: LoginAttempt) => void seen.push(attempt)
    const login = { begun: note, checked: note, issued: note, failed: note }
    const { url } = await startTestAuth(t, { capabilities: [adding({ login })] })

    await logIn(url)
    await assert.rejects(logIn(url, wrong))

    const [begun, checked, issued, begunAgain, failed] = seen
    assert.ok(begun !== undefined && begun === checked && begun === issued)
    assert.ok(begunAgain !== undefined && begunAgain === failed && begunAgain !== begun)
    assert.equal(seen.length, 5)
  })

  it('can say another thing in the place of what a login has ended with', async (t) => {
    const failed = async () => {
      throw new Refusal('not_found', 'Not here.')
    }
    const { url } = await startTestAuth(t, { capabilities: [adding({ login: { failed } })] })

    await assert.rejects(logIn(url, wrong), /404/)
  })

  it('can refuse a login before it is checked', async (t) => {
    const begun = async () => {
      throw new Refusal('not_found', 'Not here.')
    }
    const { url, tokenCount } = await startCountedAuth(t, {
      capabilities: [adding({ login: { begun } })],
    })

    await assert.rejects(logIn(url), /404/)

    assert.equal(await tokenCount(), 0)
  })

  it('can say what a session may do', async (t) => {
    const checked = async (attempt: LoginAttempt) => {
      attempt.scope = 'posts:write'
    }
    const { url } = await startTestAuth(t, { capabilities: [adding({ login: { checked } })] })

    const token = await logIn(url)

    const authorization = bearer(await serviceTokenOf(url))
    const { body } = await post(`${url}/validateToken`, { authorization, json: { token } })
    assert.equal(body.scope, 'posts:write')
  })

  it('adds clients, none of which takes the place of a configured one', async (t) => {
    const other = { id: 'other', secret: 'x'.repeat(43), scopes: ['tokens:validate'] }
    const same = { id: 'business', secret: 'y'.repeat(43), scopes: ['tokens:validate'] }
    const clients = configuredClients([other, same])
    const { url } = await startTestAuth(t, { capabilities: [adding({ clients })] })

    assert.match(await serviceTokenOf(url, other), /^sp_c_/)
    await assert.rejects(serviceTokenOf(url, same), /401/)
  })

  it('answers for tokens of its own form, in their places', async (t) => {
    const validate = async (tokens: readonly string[]) =>
      tokens.map((token) =>
        token === 'other.good'
          ? ({
              authenticated: true,
              sub: 'somebody',
              scope: '',
              purpose: 'access',
              issued_at: 1,
              expires_in: 5,
            } as const)
          : ({ authenticated: false } as const),
      )
    const kind = { hasShape: (token: string) => token.startsWith('other.'), validate, find, end }
    const { url } = await startTestAuth(t, { capabilities: [adding({ kinds: [kind] })] })
    const session = await logIn(url)
    const tokens = ['other.bad', session, 'other.good', 'x', 'other.good']

    const authorization = bearer(await serviceTokenOf(url))
    const { body } = await post(`${url}/validateToken`, { authorization, json: { tokens } })

    const results = body.results as { purpose?: string }[]
    assert.deepEqual(
      results.map(({ purpose }) => purpose),
      [undefined, 'session', 'access', undefined, 'access'],
    )
  })

  it('spoils the answers for no other tokens where it cannot tell anything of its own', async (t) => {
    const validate = async () => {
      throw unavailable('Not now.')
    }
    const kind = { hasShape: (token: string) => token.startsWith('other.'), validate, find, end }
    const { url } = await startTestAuth(t, { capabilities: [adding({ kinds: [kind] })] })
    const authorization = bearer(await serviceTokenOf(url))
    const ask = (json: object) => post(`${url}/validateToken`, { authorization, json })

    const list = await ask({ tokens: [await logIn(url), 'other.one', 'x'] })
    const alone = await ask({ token: 'other.one' })

    const [session, ...others] = list.body.results as { purpose?: string }[]
    assert.equal(session?.purpose, 'session')
    assert.deepEqual(others, [{ error: 'temporarily_unavailable' }, { authenticated: false }])
    assert.equal(alone.status, 503)
  })

  it('hides no fault of its own behind an answer', async (t) => {
    const validate = async () => {
      throw new TypeError('a bug')
    }
    const kind = {
      hasShape: (token: string) => token.startsWith('other.'),
      validate,
      find: validate,
      end: validate,
    }
    const { url } = await startTestAuth(t, { capabilities: [adding({ kinds: [kind] })] })
    const authorization = bearer(await serviceTokenOf(url))

    const json = { tokens: ['other.one'] }
    const { status } = await post(`${url}/validateToken`, { authorization, json })

    assert.equal(status, 500)
  })

  it('is told what happens, and nobody suffers where it fails at that', async (t) => {
    const events: SecurityEvent[] = []
    const failing = adding({
      listener: () => {
        throw new Error('deaf')
      },
    })
    const hearing = adding({ listener: (event) => void events.push(event) })
    const { url, user, log } = await startTestAuth(t, { capabilities: [failing, hearing] })

    await logIn(url)
    await assert.rejects(logIn(url, wrong), /401/)

    const told = events.map(({ type, sub, source, username }) => ({ type, sub, source, username }))
    assert.deepEqual(told, [
      { type: 'login_succeeded', sub: user.id, source: '127.0.0.1', username: undefined },
      { type: 'login_failed', sub: user.id, source: '127.0.0.1', username: wrong.username },
    ])
    assert.equal(log.find('a security event was not heard').length, 2)
  })

  it('reads variables of its own, which are checked with all others', async () => {
    const variables = { TEST_COUNT: readBy('auth')(integer(5, 1, 9)) }
    let read: unknown
    const counting = capability({
      name: 'counting',
      variables,
      register: (_, values) => {
        read = values
        return {}
      },
    })
    const extensions = extensionsOf([counting])

    const config = readConfig({ TEST_COUNT: '7' }, ['auth'], extensions)
    await counting.register({} as never, config)

    assert.deepEqual(read, { TEST_COUNT: 7 })
    assert.deepEqual(problemsOf({ TEST_COUNT: '0', AUTH_PORT: 'x' }, ['auth'], extensions), [
      'AUTH_PORT must be a whole number from 0 to 65535.',
      'TEST_COUNT must be a whole number from 1 to 9.',
    ])
  })

  it('can check its variables with those of the core', () => {
    const variables = { TEST_COUNT: readBy('auth')(integer(5, 1, 9)) }
    const checking = capability({
      name: 'checking',
      variables,
      check: ({ values, core, isSet }, problems) => {
        if (values.TEST_COUNT === 7 && core.APP_ENV === 'demo' && isSet('TEST_COUNT'))
          problems.add('TEST_COUNT must not be 7 in the demo.', 'TEST_COUNT')
      },
      register: () => ({}),
    })

    const problems = problemsOf({ TEST_COUNT: '7' }, ['auth'], extensionsOf([checking]))

    assert.deepEqual(problems, ['TEST_COUNT must not be 7 in the demo.'])
  })
})
