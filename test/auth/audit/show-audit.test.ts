import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bearer, post, readAnswer } from '../../kit/auth-calls.ts'
import { waitUntil } from '../../kit/processes.ts'
import { logIn, serviceTokenOf } from '../../kit/servers.ts'
import { eventsIn, startAudited } from './audited-auth.ts'

describe('GET /admin/audit', () => {
  it('shows who did what, when and from where, the last first', async (t) => {
    const { url, user, ask, log } = await startAudited(t)
    const other = await logIn(url)
    await post(`${url}/logout`, { authorization: bearer(other) })
    await waitUntil(async () => eventsIn(await ask()).length === 3)

    const { status, body } = await ask('?limit=1')

    const [event = {}] = eventsIn({ status, body, headers: new Headers() })
    const { id, request_id, session, ...rest } = event
    assert.equal(status, 200)
    assert.match(String(id), /^[0-9a-f-]{36}$/)
    assert.deepEqual(rest, {
      type: 'logged_out',
      at: 1_700_000_000,
      until: 1_700_000_000,
      count: 1,
      source: '127.0.0.1',
      sub: user.id,
    })
    const [line] = log.find('logged out')
    assert.deepEqual([request_id, session], [line?.request_id, line?.session])
  })

  it('shows a page at a time, and where the next one begins', async (t) => {
    const { url, ask } = await startAudited(t)
    for (let logins = 1; logins < 5; logins++) await logIn(url)
    await waitUntil(async () => eventsIn(await ask()).length === 5)

    const first = await ask('?limit=2')
    const second = await ask(`?limit=2&before=${String(first.body.next)}`)
    const third = await ask(`?limit=2&before=${String(second.body.next)}`)

    const pages = [first, second, third].map((page) => eventsIn(page).map(({ id }) => id))
    const all = eventsIn(await ask()).map(({ id }) => id)
    assert.deepEqual(pages.flat(), all)
    assert.deepEqual(
      pages.map(({ length }) => length),
      [2, 2, 1],
    )
    assert.equal('next' in third.body, false)
  })

  it('shows the events of one type and of one subject', async (t) => {
    const { url, user, ask } = await startAudited(t)
    await serviceTokenOf(url)
    await waitUntil(async () => eventsIn(await ask()).length === 2)

    const found = [
      await ask('?type=service_token_granted'),
      await ask(`?sub=${user.id}`),
      await ask(`?sub=${user.id}&type=service_token_granted`),
    ]

    assert.deepEqual(
      found.map((answer) => eventsIn(answer).map(({ type, details }) => [type, details])),
      [
        [['service_token_granted', { scope: 'tokens:validate' }]],
        [['login_succeeded', undefined]],
        [],
      ],
    )
  })

  it('lets the session that asks live on', async (t) => {
    const { ask, tokens, user } = await startAudited(t)
    const reinflate = t.mock.method(tokens, 'reinflate')

    const { status } = await ask()

    assert.equal(status, 200)
    const [asked] = (await reinflate.mock.calls[0]?.result) ?? []
    assert.equal(asked?.sub, user.id)
  })

  it('is refused to a session without the scope admin, and tells it nothing', async (t) => {
    const { ask } = await startAudited(t, { scope: 'audit administrator' })

    const { status, body } = await ask()

    assert.deepEqual([status, body.error], [403, 'insufficient_scope'])
    assert.equal('events' in body, false)
  })

  it('is refused without a session, and to a service token', async (t) => {
    const { url, ask } = await startAudited(t)
    const service = await serviceTokenOf(url)

    const bare = await readAnswer(await fetch(`${url}/admin/audit`))
    const wrong = await ask('', bearer(service))

    assert.deepEqual([bare.status, bare.body.error], [401, 'missing_token'])
    assert.deepEqual([wrong.status, wrong.body.error], [401, 'invalid_token'])
  })

  const malformed = ['?limit=0', '?limit=501', '?limit=x', '?before=0', '?before=-1', '?before=']
  for (const query of [...malformed, `?type=${'x'.repeat(257)}`, '?sub=a&sub=b']) {
    it(`refuses the query ${query.slice(0, 20)}`, async (t) => {
      const { ask } = await startAudited(t)

      const { status, body } = await ask(query)

      assert.deepEqual([status, body.error], [400, 'invalid_request'])
    })
  }
})
