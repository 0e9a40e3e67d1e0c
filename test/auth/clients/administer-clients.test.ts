import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bearer, post } from '../../kit/auth-calls.ts'
import { manualClock } from '../../kit/clock.ts'
import { logIn } from '../../kit/servers.ts'
import { reports, startAdministeredAuth } from './administered-auth.ts'

const startsAt = 1_700_000_000

describe('an administrator', () => {
  it('makes a client, whose secret is 32 random bytes and is told once', async (t) => {
    const { call, log } = await startAdministeredAuth(t)

    const { status, headers, body } = await call('POST', '/admin/clients', { json: reports })

    assert.equal(status, 201)
    assert.deepEqual(Object.keys(body), ['id', 'secret'])
    assert.equal(body.id, 'reports')
    assert.match(String(body.secret), /^[\w-]{43}$/)
    assert.equal(headers.get('cache-control'), 'no-store')
    const listed = JSON.stringify((await call('GET', '/admin/clients')).body)
    assert.ok(!listed.includes(String(body.secret)))
    assert.ok(!log.text().includes(String(body.secret)))
  })

  it('makes clients whose secrets differ', async (t) => {
    const { createClient } = await startAdministeredAuth(t)

    const secrets = [await createClient(), await createClient({ id: 'other' })]

    assert.notEqual(secrets[0], secrets[1])
  })

  it('makes a client that can guard a server', async (t) => {
    const { url, createClient, askForToken } = await startAdministeredAuth(t)
    const secret = await createClient()
    const session = await logIn(url)

    const { status, body } = await askForToken(secret)

    assert.deepEqual([status, body.scope], [200, reports.scope])
    const asked = await post(`${url}/validateToken`, {
      authorization: bearer(String(body.access_token)),
      json: { token: session },
    })
    assert.deepEqual([asked.status, asked.body.name], [200, 'Test User'])
  })

  it('makes a client that may do no more than its scopes say', async (t) => {
    const { createClient, askForToken, maySayWhoIs } = await startAdministeredAuth(t)
    const secret = await createClient({ scope: 'accounts:events' })

    const { body } = await askForToken(secret)

    assert.equal(body.scope, 'accounts:events')
    assert.equal(await maySayWhoIs(body.access_token), false)
  })

  it('sees all that there is to a client but its secrets', async (t) => {
    const clock = manualClock(startsAt * 1000)
    const { call, createClient } = await startAdministeredAuth(t, { clock })
    await createClient()
    clock.advance(5_000)
    await call('POST', '/admin/clients/reports/secret')

    const { status, body } = await call('GET', '/admin/clients')

    assert.equal(status, 200)
    const { id, name, scope } = reports
    const times = { created_at: startsAt, updated_at: startsAt + 5 }
    assert.deepEqual(body, {
      clients: [{ id, name, scope, disabled: false, secret_count: 2, ...times }],
    })
  })

  it('sees clients page by page', async (t) => {
    const { call, createClient } = await startAdministeredAuth(t)
    for (const id of ['c', 'a', 'b']) await createClient({ id })
    const pageAt = async (query: string) => {
      const { body } = await call('GET', `/admin/clients?${query}`)
      return [(body.clients as { id: string }[]).map(({ id }) => id), body.next]
    }

    assert.deepEqual(await pageAt('limit=2'), [['a', 'b'], 'b'])
    assert.deepEqual(await pageAt('limit=2&after=b'), [['c'], undefined])
    assert.deepEqual(await pageAt('limit=3'), [['a', 'b', 'c'], undefined])
    assert.deepEqual(await pageAt(''), [['a', 'b', 'c'], undefined])
  })

  it('rotates a secret, with the old one good until it is dropped', async (t) => {
    const { call, createClient, askForToken } = await startAdministeredAuth(t)
    const old = await createClient()

    const { status, body } = await call('POST', '/admin/clients/reports/secret')

    assert.deepEqual([status, Object.keys(body)], [200, ['id', 'secret']])
    const whileTwo = [await askForToken(old), await askForToken(body.secret)]
    const dropped = await call('DELETE', '/admin/clients/reports/old-secret')
    const afterwards = [await askForToken(old), await askForToken(body.secret)]
    assert.equal(dropped.status, 204)
    assert.deepEqual(
      [...whileTwo, ...afterwards].map((one) => one.status),
      [200, 200, 401, 200],
    )
  })

  it('disables a client, whose tokens are dead with the answer, and others alive', async (t) => {
    const { call, createClient, askForToken, maySayWhoIs } = await startAdministeredAuth(t)
    const secret = await createClient()
    const other = await createClient({ id: 'other' })
    const token = (await askForToken(secret)).body.access_token
    const othersToken = (await askForToken(other, 'other')).body.access_token
    assert.equal(await maySayWhoIs(token), true)

    const { status } = await call('PATCH', '/admin/clients/reports', { json: { disabled: true } })

    assert.equal(status, 204)
    assert.equal(await maySayWhoIs(token), false)
    const { status: asked, body } = await askForToken(secret)
    assert.deepEqual([asked, body.error], [401, 'invalid_client'])
    assert.equal(await maySayWhoIs(othersToken), true)
  })

  it('enables a client again, which brings none of its tokens back', async (t) => {
    const { call, createClient, askForToken, maySayWhoIs } = await startAdministeredAuth(t)
    const secret = await createClient()
    const before = (await askForToken(secret)).body.access_token
    await call('PATCH', '/admin/clients/reports', { json: { disabled: true } })

    const { status } = await call('PATCH', '/admin/clients/reports', { json: { disabled: false } })

    assert.equal(status, 204)
    assert.equal(await maySayWhoIs(before), false)
    const after = (await askForToken(secret)).body.access_token
    assert.equal(await maySayWhoIs(after), true)
  })

  it('leaves a trace of each change: who did what to whom, and no secret', async (t) => {
    const { call, createClient, events, actor } = await startAdministeredAuth(t)
    const secret = await createClient()

    const rotated = await call('POST', '/admin/clients/reports/secret')
    await call('DELETE', '/admin/clients/reports/old-secret')
    await call('PATCH', '/admin/clients/reports', { json: { disabled: true } })
    await call('PATCH', '/admin/clients/reports', { json: { disabled: false } })

    assert.deepEqual(
      events.map(({ type }) => type),
      [
        'client_created',
        'client_secret_rotated',
        'client_old_secret_dropped',
        'client_disabled',
        'client_enabled',
      ],
    )
    for (const event of events) {
      const { sub, source } = event
      assert.deepEqual([sub, event.actor, source], ['client:reports', actor, '127.0.0.1'])
      assert.match(event.requestId, /^[0-9a-f-]{8,}$/)
    }
    const told = JSON.stringify(events)
    assert.ok(!told.includes(secret) && !told.includes(String(rotated.body.secret)))
  })
})
