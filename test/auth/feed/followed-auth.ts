/** auth with the feed, and a client that may follow it. */
import type { TestContext } from 'node:test'
import type { AccountChange } from '../../../src/auth/account-port.ts'
import { configuredClients } from '../../../src/auth/clients.ts'
import { feed } from '../../../src/auth/feed/register.ts'
import { bearer, readAnswer } from '../../kit/auth-calls.ts'
import { manualClock } from '../../kit/clock.ts'
import { countedClock } from '../../kit/counted-clock.ts'
import {
  serviceTokenOf,
  startTestAuth,
  type TestAuthOptions,
  testClient,
} from '../../kit/servers.ts'

export async function startFollowed(
  t: TestContext,
  { scopes = ['accounts:events'], ...options }: TestAuthOptions & { scopes?: string[] } = {},
) {
  const clock = countedClock(manualClock())
  const clients = configuredClients([{ ...testClient, scopes }])
  const auth = await startTestAuth(t, { capabilities: [feed], clock, clients, ...options })
  const token = await serviceTokenOf(auth.url)
  const ask = async (query = '', authorization = bearer(token)) =>
    await readAnswer(await fetch(`${auth.url}/events${query}`, { headers: { authorization } }))
  /** Where the feed ends now. */
  const end = async () => String((await ask()).body.next)
  const make = (change: AccountChange) => {
    for (const follower of auth.core.changeFollowers()) follower.apply(change)
  }
  return { ...auth, clock, token, ask, end, make }
}
