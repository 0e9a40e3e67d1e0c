import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, it } from 'node:test'
import { bearer, readAnswer } from '../../kit/auth-calls.ts'
import { logIn, serviceTokenOf } from '../../kit/servers.ts'
import { newChange } from './account-events-kit.ts'
import { startFollowed } from './followed-auth.ts'

describe('GET /events', () => {
  it('says where the feed ends to who brings no cursor', async (t) => {
    const { ask, make } = await startFollowed(t)
    make(newChange())

    const { status, body } = await ask()

    assert.equal(status, 200)
    assert.deepEqual(body.events, [])
    assert.match(String(body.next), /^[0-9a-f-]{36}\.1$/)
  })

  it('tells what happened since, and where to go on', async (t) => {
    const { ask, end, make } = await startFollowed(t)
    const start = await end()
    const renamed = newChange({ at: 1_700_000_000_999 })
    const { name: _, ...deleted } = newChange({ type: 'deleted', at: 1_700_000_001_000 })
    make(renamed)
    make(deleted)

    const { body } = await ask(`?after=${start}`)

    const [epoch] = start.split('.')
    assert.deepEqual(body, {
      events: [
        {
          cursor: `${epoch}.1`,
          type: 'renamed',
          sub: renamed.userId,
          name: 'A Name',
          at: 1_700_000_000,
        },
        { cursor: `${epoch}.2`, type: 'deleted', sub: deleted.userId, at: 1_700_000_001 },
      ],
      next: `${epoch}.2`,
    })
  })

  it('gives a page at a time, and the same cursor where there is nothing', async (t) => {
    const { ask, end, make } = await startFollowed(t)
    const start = await end()
    for (let changes = 0; changes < 3; changes++) make(newChange())

    const first = await ask(`?after=${start}&limit=2`)
    const second = await ask(`?after=${String(first.body.next)}&limit=2`)
    const third = await ask(`?after=${String(second.body.next)}&limit=2`)

    const lengths = [first, second, third].map(({ body }) => (body.events as unknown[]).length)
    assert.deepEqual(lengths, [2, 1, 0])
    assert.equal(third.body.next, second.body.next)
  })

  it('is 410 with a cursor from before a restart, or one whose next events are gone', async (t) => {
    const { ask, make, end } = await startFollowed(t)
    const start = await end()
    for (let changes = 0; changes < 10_001; changes++) make(newChange())

    const other = await ask(`?after=${randomUUID()}.0`)
    const old = await ask(`?after=${start}&wait=25`)

    for (const { status, body } of [other, old]) {
      assert.deepEqual([status, body.error], [410, 'gone'])
      assert.equal('events' in body, false)
    }
  })

  it('forgets events after 30 days, however many there are', async (t) => {
    const { url, ask, end, make, clock } = await startFollowed(t)
    const start = await end()
    for (let changes = 0; changes < 2_500; changes++) make(newChange({ at: clock.now() }))

    clock.advance(30 * 86_400_000)
    const kept = await ask(`?after=${start}`, bearer(await serviceTokenOf(url)))
    clock.advance(3_600_000)
    const fresh = bearer(await serviceTokenOf(url))
    const gone = await ask(`?after=${start}`, fresh)

    const last = await ask(`?after=${start.replace(/0$/, '2500')}`, fresh)
    assert.deepEqual([kept.status, gone.status, last.status], [200, 410, 200])
  })

  const malformed = ['?after=x', '?after=', `?after=${randomUUID()}`, `?after=${randomUUID()}.-1`]
  for (const query of [...malformed, '?limit=0', '?limit=1001', '?wait=26', '?wait=x']) {
    it(`refuses the query ${query.slice(0, 12)}`, async (t) => {
      const { ask } = await startFollowed(t)

      const { status, body } = await ask(query)

      assert.deepEqual([status, body.error], [400, 'invalid_request'])
    })
  }

  it('is refused to a service token without its scope', async (t) => {
    const { ask } = await startFollowed(t, { scopes: ['tokens:validate'] })

    const { status, body } = await ask()

    assert.deepEqual([status, body.error], [403, 'insufficient_scope'])
  })

  it('is refused without a token, and to the session of a user', async (t) => {
    const { url, ask } = await startFollowed(t)

    const bare = await readAnswer(await fetch(`${url}/events`))
    const session = await ask('', bearer(await logIn(url)))

    assert.deepEqual([bare.status, bare.body.error], [401, 'missing_token'])
    assert.deepEqual([session.status, session.body.error], [401, 'invalid_token'])
  })
})
