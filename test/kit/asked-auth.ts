/** auth as the client that asks it sees it. */
import type { TestContext } from 'node:test'
import { bearer, post } from './auth-calls.ts'
import { startCountedAuth } from './auth-parts.ts'
import { manualClock } from './clock.ts'
import { serviceTokenOf } from './servers.ts'

/** What is said of every token that is not good. */
export const dead = { authenticated: false }
export const startsAt = 1_700_000_000_000

/** auth whose time stands still, and a client that may ask it. */
export async function startAsked(t: TestContext) {
  const clock = manualClock(startsAt)
  const auth = await startCountedAuth(t, { clock })
  let serviceToken = await serviceTokenOf(auth.url)
  return {
    ...auth,
    clock,
    serviceToken,
    renew: async () => {
      serviceToken = await serviceTokenOf(auth.url)
    },
    ask: async (json: unknown) =>
      await post(`${auth.url}/validateToken`, { authorization: bearer(serviceToken), json }),
  }
}

/** What is said of a session that began at `startsAt` and is asked about for the first time. */
export function aliveWith(sub: string, fields: Readonly<Record<string, unknown>> = {}) {
  return {
    authenticated: true,
    sub,
    name: 'Test User',
    scope: '',
    purpose: 'session',
    issued_at: 1_700_000_000,
    expires_in: 30,
    cap_in: 43_200,
    refresh_count: 1,
    ...fields,
  }
}
