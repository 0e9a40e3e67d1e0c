/** auth with this capability, behind one proxy, so that a test can come from wherever it likes. */
import type { TestContext } from 'node:test'
import { capability } from '../../../src/auth/capability.ts'
import type { LoginAdditions } from '../../../src/auth/login.ts'
import type { SecurityEvent } from '../../../src/auth/security-events.ts'
import type { AttemptCounters } from '../../../src/auth/throttle/attempt-counters.ts'
import { limits } from '../../../src/auth/throttle/limits.ts'
import { memoryAttemptCounters } from '../../../src/auth/throttle/memory.ts'
import { throttle } from '../../../src/auth/throttle/register.ts'
import { slowLogins } from '../../../src/auth/throttle/slow-logins.ts'
import { type Answer, readAnswer } from '../../kit/auth-calls.ts'
import { cheapPasswords, correct } from '../../kit/auth-parts.ts'
import { manualClock } from '../../kit/clock.ts'
import { countedDerivations } from '../../kit/derivations.ts'
import { startTestAuth, type TestAuthOptions } from '../../kit/servers.ts'

export const home = '192.0.2.1'
export const wrong = { ...correct, password: 'wrong horse' }

export type Attempt = typeof correct & { readonly forwardedFor?: string }

export async function startThrottledAuth(t: TestContext, options: TestAuthOptions = {}) {
  const clock = manualClock()
  const derivations = countedDerivations()
  const events: SecurityEvent[] = []
  const listening = capability({
    name: 'listening',
    register: () => ({ listener: (event: SecurityEvent) => void events.push(event) }),
  })
  const auth = await startTestAuth(t, {
    clock,
    passwords: cheapPasswords({ deriveKey: derivations.deriveKey }),
    trustedProxyHops: 1,
    ...options,
    capabilities: [...(options.capabilities ?? [throttle]), listening],
  })
  derivations.takeAll()

  async function logIn({ forwardedFor = home, ...json }: Attempt = correct): Promise<Answer> {
    const headers = { 'content-type': 'application/json', 'x-forwarded-for': forwardedFor }
    const body = JSON.stringify(json)
    return await readAnswer(await fetch(`${auth.url}/login`, { method: 'POST', headers, body }))
  }

  /** One after the other. */
  async function statusesOf(attempts: readonly Attempt[]): Promise<readonly number[]> {
    const statuses: number[] = []
    for (const attempt of attempts) statuses.push((await logIn(attempt)).status)
    return statuses
  }

  return { ...auth, clock, derivations, events, logIn, statusesOf }
}

/** The capability on counters that a test has changed. */
export function throttleOn(change: (right: AttemptCounters) => Partial<AttemptCounters>) {
  return capability({
    name: 'throttle',
    register({ clock, report, log }): { login: LoginAdditions } {
      const right = memoryAttemptCounters({ now: clock.now, limits })
      return { login: slowLogins({ counters: { ...right, ...change(right) }, report, log }) }
    },
  })
}

export function times<T>(count: number, attempt: T): readonly T[] {
  return Array.from({ length: count }, () => attempt)
}

/** The same from as many addresses. */
export function fromAddresses(count: number, attempt: Attempt): readonly Attempt[] {
  return Array.from({ length: count }, (_, index) => ({
    ...attempt,
    forwardedFor: `198.51.100.${index + 1}`,
  }))
}
