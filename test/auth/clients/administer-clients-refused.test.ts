import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { bearer, post } from '../../kit/auth-calls.ts'
import { logIn, serviceTokenOf } from '../../kit/servers.ts'
import { reports, startAdministeredAuth } from './administered-auth.ts'

const calls: readonly (readonly [method: string, path: string, json?: unknown])[] = [
  ['GET', '/admin/clients'],
  ['POST', '/admin/clients', { ...reports, id: 'another' }],
  ['PATCH', '/admin/clients/reports', { disabled: true }],
  ['POST', '/admin/clients/reports/secret'],
  ['DELETE', '/admin/clients/reports/old-secret'],
]

/** A client with two secrets, and the proof that calls have changed nothing of it, nor made another. */
async function startWithClient(t: TestContext) {
  const auth = await startAdministeredAuth(t)
  const { call, createClient, askForToken, listClients, events } = auth
  const secrets = [await createClient(), (await call('POST', '/admin/clients/reports/secret')).body]
  const [old, { secret }] = secrets as [string, { secret: string }]
  const token = (await askForToken(secret)).body.access_token
  const before = await listClients()
  events.length = 0
  return {
    ...auth,
    assertNothingChanged: async () => {
      assert.deepEqual(await listClients(), before)
      assert.deepEqual(events, [])
      assert.equal((await askForToken(old)).status, 200)
      assert.equal((await askForToken(secret)).status, 200)
      assert.equal(await auth.maySayWhoIs(token), true)
    },
  }
}

/** What each of the calls is answered with these credentials. */
async function answersTo(
  auth: Awaited<ReturnType<typeof startAdministeredAuth>>,
  authorization: string | undefined,
) {
  const answers = []
  for (const [method, path, json] of calls) {
    const { status, body } = await auth.call(method, path, { authorization, json })
    answers.push([status, body.error])
  }
  return answers
}

describe('who is no administrator', () => {
  it('is refused each call as an ordinary user, and changes nothing', async (t) => {
    const auth = await startWithClient(t)
    const user = bearer(await logIn(auth.url))

    const answers = await answersTo(auth, user)

    assert.deepEqual(answers, Array(calls.length).fill([403, 'insufficient_scope']))
    await auth.assertNothingChanged()
  })

  it('is refused each call without a token, and changes nothing', async (t) => {
    const auth = await startWithClient(t)

    const answers = await answersTo(auth, undefined)

    assert.deepEqual(answers, Array(calls.length).fill([401, 'missing_token']))
    await auth.assertNothingChanged()
  })

  it('is refused each call as a client, and changes nothing', async (t) => {
    const auth = await startWithClient(t)

    const answers = await answersTo(auth, bearer(await serviceTokenOf(auth.url)))

    assert.deepEqual(answers, Array(calls.length).fill([401, 'invalid_token']))
    await auth.assertNothingChanged()
  })

  it('is refused as a client whose own scope is admin', async (t) => {
    const auth = await startWithClient(t)
    const secret = await auth.createClient({ id: 'pretender', scope: 'admin' })
    const { access_token } = (await auth.askForToken(secret, 'pretender')).body

    const answers = await answersTo(auth, bearer(String(access_token)))

    assert.deepEqual(answers, Array(calls.length).fill([401, 'invalid_token']))
  })

  it('is refused each call after the administrator has logged out', async (t) => {
    const auth = await startAdministeredAuth(t)
    const administrator = { username: 'administrator@example.com', password: 'correct horse' }
    const authorization = bearer(await logIn(auth.url, administrator))
    await post(`${auth.url}/logout`, { authorization })

    const answers = await answersTo(auth, authorization)

    assert.deepEqual(answers, Array(calls.length).fill([401, 'invalid_token']))
  })
})

const longScope = Array.from({ length: 21 }, (_, index) => `scope-${index}`).join(' ')
const noClients: readonly (readonly [what: string, json: unknown])[] = [
  ['no id', { name: 'Reports', scope: 'one' }],
  ['an empty id', { ...reports, id: '' }],
  ['an id with a colon', { ...reports, id: 'a:b' }],
  ['an id with a NUL', { ...reports, id: 'a\0b' }],
  ['an id of 65 characters', { ...reports, id: 'x'.repeat(65) }],
  ['no name', { id: 'another', scope: 'one' }],
  ['a name of spaces', { ...reports, id: 'another', name: '  ' }],
  ['a name that controls a terminal', { ...reports, id: 'another', name: '\u001b[2J' }],
  ['no scope', { id: 'another', name: 'Another' }],
  ['an empty scope', { ...reports, id: 'another', scope: '' }],
  ['two spaces between scopes', { ...reports, id: 'another', scope: 'one  two' }],
  ['a scope with a quote', { ...reports, id: 'another', scope: 'one"' }],
  ['a scope twice', { ...reports, id: 'another', scope: 'one one' }],
  ['21 scopes', { ...reports, id: 'another', scope: longScope }],
  ['a scope of 65 characters', { ...reports, id: 'another', scope: 'x'.repeat(65) }],
  ['a list of scopes', { ...reports, id: 'another', scope: ['one'] }],
  ['no object', []],
]

describe('an administrator is refused', () => {
  it('what is no client, and nothing is made', async (t) => {
    const { call, assertNothingChanged } = await startWithClient(t)

    for (const [what, json] of noClients) {
      const { status, body } = await call('POST', '/admin/clients', { json })
      assert.deepEqual([status, body.error], [400, 'invalid_request'], what)
    }

    await assertNothingChanged()
  })

  it('an id that another client has, enabled or not, or that is configured', async (t) => {
    const auth = await startWithClient(t)
    await auth.createClient({ id: 'disabled' })
    await auth.call('PATCH', '/admin/clients/disabled', { json: { disabled: true } })
    const before = await auth.listClients()

    for (const id of ['reports', 'disabled', 'business']) {
      const json = { ...reports, id, scope: 'other' }
      const { status, body } = await auth.call('POST', '/admin/clients', { json })
      assert.deepEqual([status, body.error], [409, 'conflict'], id)
    }

    assert.deepEqual(await auth.listClients(), before)
    assert.match(await serviceTokenOf(auth.url), /^sp_c_/)
  })

  it('changes to a client that is not there, or that is configured', async (t) => {
    const { call, url, assertNothingChanged } = await startWithClient(t)

    for (const id of ['nobody', 'business', 'a%00b', '%F0%9F%97%9D', 'a%2Fb']) {
      const answers = [
        await call('PATCH', `/admin/clients/${id}`, { json: { disabled: true } }),
        await call('POST', `/admin/clients/${id}/secret`),
        await call('DELETE', `/admin/clients/${id}/old-secret`),
      ]
      for (const { status, body } of answers)
        assert.deepEqual([status, body.error], [404, 'not_found'], id)
    }

    await assertNothingChanged()
    assert.match(await serviceTokenOf(url), /^sp_c_/)
  })

  it('a change that does not say true or false', async (t) => {
    const { call, assertNothingChanged } = await startWithClient(t)

    for (const json of [{}, { disabled: 'true' }, { disabled: 1 }, { disabled: null }, []]) {
      const { status, body } = await call('PATCH', '/admin/clients/reports', { json })
      assert.deepEqual([status, body.error], [400, 'invalid_request'])
    }

    await assertNothingChanged()
  })

  it('a page that is none', async (t) => {
    const { call } = await startWithClient(t)

    for (const query of ['limit=0', 'limit=101', 'limit=x', 'after=', 'after=%00', 'after=a:b']) {
      const { status, body } = await call('GET', `/admin/clients?${query}`)
      assert.deepEqual([status, body.error], [400, 'invalid_request'], query)
    }
  })

  it('a client that is not said in JSON', async (t) => {
    const { call, assertNothingChanged } = await startWithClient(t)

    const missing = await call('POST', '/admin/clients')
    const form = await call('POST', '/admin/clients', { form: 'id=another&name=x&scope=one' })

    assert.deepEqual([missing.status, form.status], [400, 415])
    await assertNothingChanged()
  })
})
