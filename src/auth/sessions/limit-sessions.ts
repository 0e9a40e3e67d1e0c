/**
 * The step of a login that indexes the new session and ends what is beyond the limit, the least recently used first.
 *
 * Nothing locks, and yet no more than the limit are left of any number of simultaneous logins: each indexes its session
 * before it looks, so the last of them sees all. Logins of one user look one after the other, because sessions that are
 * used meanwhile change their order, and two that saw different orders would end more than is needed. (Two auths that do
 * so at the same moment may; what is ended is then still least recently used in the eyes of one.) A session leaves the index only when it is dead. (On Postgres one that is
 * reinflated in the very moment of its death may seem dead and live on unlisted; what ends all ends that one, too.)
 */
import { describeError, type Log } from '../../log.ts'
import { subjectTagOf } from '../../storage/ports.ts'
import { keyOf } from '../../tokens/token.ts'
import type { LoginAttempt, LoginStep } from '../login-steps.ts'
import type { Report } from '../security-events.ts'
import { livingInOrderOfUse, type PeekDependencies, peekSessions } from './peek-sessions.ts'
import type { IndexedSession, SessionIndex } from './session-index.ts'
import { createTurns } from './turns.ts'

export interface LimitSessionsDependencies extends PeekDependencies {
  readonly index: SessionIndex
  /** At least one. */
  readonly maxSessions: number
  readonly report: Report
  readonly log: Log
}

export function limitSessions(dependencies: LimitSessionsDependencies): LoginStep {
  const { index, tokens, purpose, maxSessions, report, log } = dependencies
  const inTurn = createTurns()

  return async (attempt) => {
    const { issued, source } = attempt
    if (issued?.living.purpose !== purpose.name) return
    const { id, sub } = issued.living
    const session = { id, hash: keyOf(issued.token).hash, source }
    try {
      await index.add(sub, session)
      await inTurn(sub, () => endThoseBeyond(sub, attempt))
    } catch (error) {
      await takeBack(sub, session)
      throw error
    }
  }

  async function endThoseBeyond(
    sub: string,
    { requestId, source }: Pick<LoginAttempt, 'requestId' | 'source'>,
  ): Promise<void> {
    const listed = await index.list(sub)
    if (listed.length <= maxSessions) return
    const peeked = await peekSessions({ tokens, purpose }, sub, listed)
    const living = livingInOrderOfUse(peeked)
    for (const { indexed } of living.slice(maxSessions)) {
      if (!(await end(sub, indexed))) continue
      const session = indexed.id
      log.info('session ended', { request_id: requestId, sub, session, reason: 'limit' })
      const details = { reason: 'limit' }
      report({ type: 'session_ended', requestId, source, sub, session, details })
    }
    const kept = new Set(living.slice(0, maxSessions).map(({ indexed }) => indexed.id))
    const gone = listed.map(({ id }) => id).filter((id) => !kept.has(id))
    await index.remove(sub, gone)
  }

  /** Nobody has heard of its token yet, so where even this fails it dies by itself. */
  async function takeBack(sub: string, session: IndexedSession): Promise<void> {
    try {
      await end(sub, session)
      await index.remove(sub, [session.id])
    } catch (error) {
      const fields = { sub, session: session.id, error: describeError(error) }
      log.warn('a session that was not indexed was not ended', fields)
    }
  }

  /** Whether it was alive. */
  async function end(sub: string, { hash }: IndexedSession): Promise<boolean> {
    return (await tokens.revoke({ subjectTag: subjectTagOf(sub), hash }, purpose)) !== undefined
  }
}
