/**
 * The steps by which a login is counted, refused where there were too many wrong ones, and reported where it comes from a
 * new place after wrong ones that its user has not heard of.
 */
import { Refusal } from '../../http/refusal.ts'
import { describeError, type Log } from '../../log.ts'
import type { LoginAdditions } from '../login.ts'
import { isWrongCredentials, type LoginAttempt } from '../login-steps.ts'
import { loginFromNewPlace, type Report } from '../security-events.ts'
import type { AttemptCounters, Place } from './attempt-counters.ts'
import { placeOf } from './place.ts'

export interface SlowLoginsDependencies {
  readonly counters: AttemptCounters
  readonly report: Report
  readonly log: Log
}

interface Counted {
  readonly place: Place
  readonly isKnown: boolean
}

export function slowLogins({ counters, report, log }: SlowLoginsDependencies): LoginAdditions {
  /** What was refused, here or by a step before, is not among them, and is not refunded. */
  const underWay = new WeakMap<LoginAttempt, Counted>()

  async function begun(attempt: LoginAttempt): Promise<void> {
    const { username, source, requestId } = attempt
    const place = placeOf(attempt)
    const verdict = await counters.begin(place)
    if (verdict.isAdmitted) {
      underWay.set(attempt, { place, isKnown: verdict.isKnown })
      return
    }
    const seconds = Math.ceil(verdict.waitMilliseconds / 1000)
    const details = { retry_after_seconds: seconds }
    report({ type: 'login_refused', requestId, source, username, details })
    const headers = { 'Retry-After': String(seconds) }
    throw new Refusal('too_many_requests', 'Too many logins have failed.', { headers })
  }

  /** A wrong password that cannot be counted is a 503: whoever can break the store shall not learn by it. */
  async function failed(attempt: LoginAttempt, error: unknown): Promise<void> {
    const counted = underWay.get(attempt)
    if (counted === undefined) return
    const { place, isKnown } = counted
    const hasUser = attempt.user !== undefined
    if (isWrongCredentials(error)) await counters.fail(place, { isKnown, hasUser })
    else await tryTo(() => counters.abandon(place, isKnown), attempt)
  }

  /** By now there is a token, so what goes wrong here costs a little time, and not the login. */
  async function issued(attempt: LoginAttempt): Promise<void> {
    const counted = underWay.get(attempt)
    if (counted === undefined) return
    const { place, isKnown } = counted
    const wereUntold = await tryTo(() => counters.succeed(place, isKnown), attempt)
    if (wereUntold !== true) return
    const { requestId, source, user, session } = attempt
    report({ type: loginFromNewPlace, requestId, source, sub: user?.id, session })
  }

  async function tryTo<T>(
    act: () => Promise<T>,
    { requestId }: LoginAttempt,
  ): Promise<T | undefined> {
    try {
      return await act()
    } catch (error) {
      const fields = { request_id: requestId, error: describeError(error) }
      log.warn('a login was not refunded', fields)
      return undefined
    }
  }

  return { begun, failed, issued }
}
