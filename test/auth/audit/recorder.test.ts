import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { AuditEvent } from '../../../src/auth/audit/audit-log.ts'
import { createRecorder } from '../../../src/auth/audit/recorder.ts'
import { createSummaries } from '../../../src/auth/audit/summaries.ts'
import type { SecurityEvent } from '../../../src/auth/security-events.ts'
import { findSecrets } from '../../kit/secret-search.ts'

const hashSecret = 'a-secret-for-tests-of-32-characters-or-more'
const heard = { requestId: 'abcdef-0001', source: '203.0.113.9' }

function start(options: { hashSecret?: string | undefined } = {}) {
  const events: AuditEvent[] = []
  const recorder = createRecorder({
    writer: { add: (event) => void events.push(event) },
    summaries: createSummaries({ maxGroups: 100 }),
    now: () => 1_700_000_000_000,
    hashSecret,
    ...options,
  })
  const hear = (event: Partial<SecurityEvent>) =>
    recorder.hear({ type: 'done', ...heard, ...event })
  /** What is kept of failed logins under these names. */
  const accountsOf = (...usernames: readonly string[]) => {
    for (const username of usernames) hear({ type: 'login_failed', username })
    recorder.sumUp()
    return events.splice(0).map(({ account }) => account)
  }
  return { events, hear, sumUp: () => recorder.sumUp(), accountsOf }
}

describe('what the audit keeps of an event', () => {
  it('is all that was said, and when it was heard', () => {
    const { events, hear } = start()
    const said = { sub: 'somebody', actor: 'another', session: 'a session' }

    hear({ ...said, details: { role: 'admin', count: 2, is_first: true } })

    const [{ id, ...event } = { id: '' }] = events
    assert.match(id, /^[0-9a-f-]{36}$/)
    assert.deepEqual(event, {
      ...heard,
      ...said,
      type: 'done',
      at: 1_700_000_000_000,
      until: 1_700_000_000_000,
      count: 1,
      account: undefined,
      details: '{"role":"admin","count":2,"is_first":true}',
    })
  })

  it('is kept at once, but of failures and refusals when they are summed up', () => {
    const { events, hear, sumUp } = start()

    hear({ type: 'login_succeeded' })
    hear({ type: 'login_failed' })
    hear({ type: 'login_failed' })
    hear({ type: 'service_token_refused' })
    const atOnce = events.splice(0)
    sumUp()

    assert.deepEqual(
      atOnce.map(({ type }) => type),
      ['login_succeeded'],
    )
    assert.deepEqual(
      events.map(({ type, count }) => [type, count]),
      [
        ['login_failed', 2],
        ['service_token_refused', 1],
      ],
    )
  })

  it('is not the user name, but a hash under a key', () => {
    const password = 'a password in the wrong place'

    const [account = '', ...others] = start().accountsOf(password)
    const [elsewhere] = start({ hashSecret: hashSecret.replace('a', 'b') }).accountsOf(password)

    assert.deepEqual(others, [])
    assert.match(account, /^[\w-]{43}$/)
    assert.notEqual(elsewhere, account)
    assert.deepEqual(findSecrets(Buffer.from(account, 'base64url'), [password]), [])
  })

  it('is the same hash for the same user name, however it is written', () => {
    const accounts = start().accountsOf('A@Example.com', 'a@example.com', 'b@example.com')

    assert.equal(accounts.length, 2)
  })

  it('is nothing of the user name where the user is known', () => {
    const { events, hear, sumUp } = start()

    hear({ type: 'login_failed', sub: 'somebody', username: 'a@example.com' })
    sumUp()

    assert.deepEqual([events[0]?.sub, events[0]?.account], ['somebody', undefined])
  })

  it('is no hash where there is no secret, though names are told apart', () => {
    const accounts = start({ hashSecret: undefined }).accountsOf('one', 'other', 'one')

    assert.deepEqual(accounts, [undefined, undefined])
  })

  it('is of bounded length', () => {
    const { events, hear } = start()
    const long = 'x'.repeat(10_000)

    hear({ type: long, requestId: long, source: long, sub: long, actor: long, session: long })
    hear({ details: { long } })

    assert.ok(JSON.stringify(events[0]).length < 2_000)
    assert.equal(events[1]?.details, '{"is_too_long":true}')
  })
})
