/** Sessions that somebody else keeps, beside those of this capability. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ListedSession, SessionKind } from '../../../src/auth/session-kinds.ts'
import { unavailable } from '../../../src/http/refusal.ts'
import { manualClock } from '../../kit/clock.ts'
import { startWithSessions } from './sessions-kit.ts'

const beginning = 1_700_000_000

function kept(id: string, lastUsedAt: number): ListedSession {
  const times = { issuedAt: lastUsedAt, expiresAt: lastUsedAt + 60_999, judgedAt: lastUsedAt }
  return { id, source: '192.0.2.7', refreshCount: 3, lastUsedAt, ...times }
}

/** A kind with one session, and whom it was asked about. */
function otherKind(session: ListedSession) {
  const asked: string[] = []
  const kind: SessionKind = {
    purpose: 'other',
    list: async (sub) => {
      asked.push(`list ${sub}`)
      return [session]
    },
    end: async (sub, id) => {
      asked.push(`end ${sub} ${id}`)
      return id === session.id
    },
  }
  return { kind, asked }
}

async function cannotTell(): Promise<never> {
  throw unavailable('Not now.')
}

describe('sessions of other kinds', () => {
  it('are listed among the others, the most recently used first', async (t) => {
    const clock = manualClock(beginning * 1000)
    const { additions, list, startSession, user } = await startWithSessions(t, { clock })
    const first = await startSession()
    const { kind, asked } = otherKind(kept('kept', (beginning + 2) * 1000))
    additions.push({ sessionKinds: [kind] })
    clock.advance(5_000)
    const asking = await startSession()

    const sessions = await list(asking.token)

    assert.deepEqual(
      sessions.map(({ id, purpose }) => [id, purpose]),
      [
        [asking.id, 'session'],
        ['kept', 'other'],
        [first.id, 'session'],
      ],
    )
    assert.deepEqual(sessions[1], {
      id: 'kept',
      purpose: 'other',
      issued_at: beginning + 2,
      source: '192.0.2.7',
      last_used_at: beginning + 2,
      refresh_count: 3,
      expires_in: 60,
      is_current: false,
    })
    assert.deepEqual(asked, [`list ${user.id}`])
  })

  it('are the current one where their token asks', async (t) => {
    const { additions, list, startSession, user } = await startWithSessions(t)
    await startSession()
    additions.push({
      sessionKinds: [otherKind(kept('kept', 0)).kind],
      kinds: [
        {
          hasShape: (token) => token === 'other.one',
          validate: async () => [],
          find: async () => ({ id: 'kept', sub: user.id, scope: '' }),
          end: async () => undefined,
        },
      ],
    })

    const sessions = await list('other.one')

    assert.deepEqual(
      sessions.map(({ purpose, is_current }) => [purpose, is_current]),
      [
        ['session', false],
        ['other', true],
      ],
    )
  })

  it('end by their ids, and nothing else does; it is told as of any session', async (t) => {
    const { additions, call, isAlive, startSession, user, events } = await startWithSessions(t)
    const { token } = await startSession()
    const { kind, asked } = otherKind(kept('kept', 0))
    additions.push({ sessionKinds: [kind] })

    const { status } = await call('DELETE', '/sessions/kept', token)

    assert.equal(status, 204)
    assert.equal(await isAlive(token), true)
    assert.deepEqual(asked, [`end ${user.id} kept`])
    const { type, sub, session } = events.at(-1) ?? {}
    assert.deepEqual([type, sub, session], ['session_ended', user.id, 'kept'])
  })

  it('are not asked to end a session that was found already', async (t) => {
    const { additions, call, startSession } = await startWithSessions(t)
    const { token, id } = await startSession()
    const { kind, asked } = otherKind(kept('kept', 0))
    additions.push({ sessionKinds: [kind] })

    await call('DELETE', `/sessions/${id}`, token)

    assert.deepEqual(asked, [])
  })

  it('end though another kind cannot tell whether it has them', async (t) => {
    const { additions, call, startSession, user } = await startWithSessions(t)
    const { token } = await startSession()
    const { kind, asked } = otherKind(kept('kept', 0))
    const unsure = { purpose: 'unsure', list: cannotTell, end: cannotTell }
    additions.push({ sessionKinds: [unsure, kind] })

    const { status } = await call('DELETE', '/sessions/kept', token)

    assert.deepEqual([status, asked], [204, [`end ${user.id} kept`]])
  })

  it('are a 503 where nobody can tell of them: no list is shorter than it should be', async (t) => {
    const { additions, call, startSession, events } = await startWithSessions(t)
    const { token } = await startSession()
    additions.push({ sessionKinds: [{ purpose: 'other', list: cannotTell, end: cannotTell }] })
    const told = events.length

    const listed = await call('GET', '/sessions', token)
    const ended = await call('DELETE', '/sessions/unknown', token)

    assert.deepEqual([listed.status, ended.status], [503, 503])
    assert.equal(events.length, told)
  })
})
