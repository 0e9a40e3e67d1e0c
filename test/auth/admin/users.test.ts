import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { unavailable } from '../../../src/http/refusal.ts'
import { startAdmin } from './known-accounts.ts'

describe('GET /admin/users', () => {
  it('shows what is known of each account', async (t) => {
    const { call } = await startAdmin(t)

    const { status, body } = await call('GET', '/admin/users?limit=1')

    const user = {
      id: 'a',
      username: 'a@example.com',
      name: 'A',
      verified: true,
      disabled: false,
      roles: ['administrator'],
      created_at: 1_700_000_000,
      updated_at: 1_700_000_001,
    }
    assert.deepEqual({ status, body }, { status: 200, body: { users: [user], next: 'a' } })
  })

  it('shows all of them, page by page, and each once', async (t) => {
    const { call } = await startAdmin(t)

    const seen: unknown[] = []
    let search = '?limit=2'
    for (let pages = 0; pages < 5 && search !== ''; pages++) {
      const { body } = await call('GET', `/admin/users${search}`)
      seen.push((body.users as { id: string }[]).map(({ id }) => id))
      search = typeof body.next === 'string' ? `?limit=2&after=${body.next}` : ''
    }

    assert.deepEqual(seen, [['a', 'b'], ['c']])
  })

  it('refuses a limit that is none', async (t) => {
    const { call } = await startAdmin(t)

    for (const limit of ['0', '-1', '101', '1.5', '1e1', 'x', '', '0x1', '1000']) {
      const { status } = await call('GET', `/admin/users?limit=${limit}`)
      assert.equal(status, 400, limit)
    }
  })
})

describe('GET /admin/users/:id', () => {
  it('shows one account', async (t) => {
    const { call } = await startAdmin(t)

    const { status, body } = await call('GET', '/admin/users/b')

    assert.deepEqual([status, body.id, body.disabled], [200, 'b', true])
  })

  it('is 404 for an account that is not there', async (t) => {
    const { call } = await startAdmin(t)

    for (const id of ['nobody', '__proto__', '%00', '%F0%9F%98%80'])
      assert.equal((await call('GET', `/admin/users/${id}`)).status, 404, id)
  })
})

describe('PATCH /admin/users/:id', () => {
  it('disables and enables, and tells who did it', async (t) => {
    const { call, calls, actors, events, user } = await startAdmin(t)

    const statuses = [
      (await call('PATCH', '/admin/users/b', { disabled: true })).status,
      (await call('PATCH', '/admin/users/b', { disabled: false })).status,
    ]

    assert.deepEqual(statuses, [204, 204])
    assert.deepEqual(calls, [
      ['setDisabled', 'b', true],
      ['setDisabled', 'b', false],
    ])
    assert.deepEqual(actors, [user.id, user.id])
    const told = events.map(({ type, sub, actor, source }) => [type, sub, actor, source])
    assert.deepEqual(told, [
      ['user_disabled', 'b', user.id, '127.0.0.1'],
      ['user_enabled', 'b', user.id, '127.0.0.1'],
    ])
  })

  it('gives the roles that it is told, each once, and takes the others', async (t) => {
    const { call, calls, events } = await startAdmin(t)

    await call('PATCH', '/admin/users/b', { roles: ['administrator', 'administrator'] })
    await call('PATCH', '/admin/users/a', { roles: [] })

    assert.deepEqual(calls, [
      ['setRoles', 'b', ['administrator']],
      ['setRoles', 'a', []],
    ])
    assert.deepEqual(
      events.map(({ type }) => type),
      ['roles_changed', 'roles_changed'],
    )
  })

  it('does both in one call', async (t) => {
    const { call, calls } = await startAdmin(t)

    await call('PATCH', '/admin/users/b', { roles: [], disabled: true })

    assert.deepEqual(
      calls.map(([method]) => method),
      ['setRoles', 'setDisabled'],
    )
  })

  it('tells of a change that is made though the sessions go on, which is a 503', async (t) => {
    const { call, events } = await startAdmin(t, { sessionsGoOn: true })

    const answers = [
      await call('PATCH', '/admin/users/b', { disabled: true }),
      await call('PATCH', '/admin/users/b', { roles: [] }),
    ]

    assert.deepEqual(
      answers.map(({ status }) => status),
      [503, 503],
    )
    assert.deepEqual(
      events.map(({ type, sub }) => [type, sub]),
      [
        ['user_disabled', 'b'],
        ['roles_changed', 'b'],
      ],
    )
  })

  it('is 404 for an account that is not there, and tells of nothing', async (t) => {
    const { call, events } = await startAdmin(t)

    const { status } = await call('PATCH', '/admin/users/nobody', { disabled: true })

    assert.deepEqual([status, events], [404, []])
  })

  const refused: readonly (readonly [string, unknown])[] = [
    ['nothing to change', {}],
    ['a number for a truth', { disabled: 0 }],
    ['a text for a truth', { disabled: 'true' }],
    ['a role that is not known', { roles: ['administrator', 'king'] }],
    ['a role that every object has', { roles: ['constructor'] }],
    ['roles that are no list', { roles: 'administrator' }],
    ['too many roles', { roles: Array.from({ length: 11 }, () => 'administrator') }],
  ]
  for (const [what, body] of refused) {
    it(`refuses ${what}, and changes nothing`, async (t) => {
      const { call, calls } = await startAdmin(t)

      const { status } = await call('PATCH', '/admin/users/b', body)

      assert.deepEqual([status, calls], [400, []])
    })
  }

  it('refuses administrators who would change themselves, and changes nothing', async (t) => {
    const { call, calls, user } = await startAdmin(t)

    const { status } = await call('PATCH', `/admin/users/${user.id}`, { disabled: true })

    assert.deepEqual([status, calls], [400, []])
  })
})

describe('DELETE /admin/users/:id/sessions', () => {
  it('ends all that the user has, and tells who did it', async (t) => {
    const { call, calls, events, user } = await startAdmin(t)

    const { status } = await call('DELETE', '/admin/users/c/sessions')

    assert.deepEqual([status, calls], [204, [['endSessions', 'c']]])
    const told = events.map(({ type, sub, actor }) => [type, sub, actor])
    assert.deepEqual(told, [['sessions_ended', 'c', user.id]])
  })

  it('is 404 for an account that is not there, and tells of nothing', async (t) => {
    const { call, events } = await startAdmin(t)

    const { status } = await call('DELETE', '/admin/users/nobody/sessions')

    assert.deepEqual([status, events], [404, []])
  })
})

describe('GET /admin/tokens', () => {
  it('counts tokens by their purposes, and shows none', async (t) => {
    const { call, token } = await startAdmin(t)

    const { status, body } = await call('GET', '/admin/tokens')

    const purposes = [{ purpose: 'session', count: 1 }]
    assert.deepEqual({ status, body }, { status: 200, body: { purposes, sampled: false } })
    assert.ok(!JSON.stringify(body).includes(token))
  })

  it('adds what others file beside the tokens, and says so where it is inferred', async (t) => {
    const { call, additions } = await startAdmin(t)
    const counts = { refresh: 7, session: 2 }
    additions.push({ census: async () => ({ counts, isSampled: false }) })
    const exact = await call('GET', '/admin/tokens')
    additions.push({ census: async () => ({ counts: { refresh: 100 }, isSampled: true }) })

    const inferred = await call('GET', '/admin/tokens')

    const expected = (refresh: number) => [
      { purpose: 'refresh', count: refresh },
      { purpose: 'session', count: 3 },
    ]
    assert.deepEqual(exact.body, { purposes: expected(7), sampled: false })
    assert.deepEqual(inferred.body, { purposes: expected(107), sampled: true })
  })

  it('is a 503 where somebody cannot count', async (t) => {
    const { call, additions } = await startAdmin(t)
    const census = async () => {
      throw unavailable('Not now.')
    }
    additions.push({ census })

    const { status, body } = await call('GET', '/admin/tokens')

    assert.deepEqual([status, body.error], [503, 'temporarily_unavailable'])
  })
})
