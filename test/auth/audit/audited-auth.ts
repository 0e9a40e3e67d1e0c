/** auth with the audit, and users who may read it. */
import type { TestContext } from 'node:test'
import { audit } from '../../../src/auth/audit/register.ts'
import { capability } from '../../../src/auth/capability.ts'
import type { LoginAttempt } from '../../../src/auth/login-steps.ts'
import { type Answer, bearer, readAnswer } from '../../kit/auth-calls.ts'
import { manualClock } from '../../kit/clock.ts'
import { logIn, startTestAuth, type TestAuthOptions } from '../../kit/servers.ts'

const windowMilliseconds = 60_000

/** Sessions of that auth may read the audit, unless they get another scope. */
export async function startAudited(
  t: TestContext,
  { scope = 'admin', ...options }: TestAuthOptions & { readonly scope?: string } = {},
) {
  const clock = manualClock()
  const scoped = capability({
    name: 'test',
    register: () => ({
      login: {
        checked: async (attempt: LoginAttempt) => {
          attempt.scope = scope
        },
      },
    }),
  })
  const auth = await startTestAuth(t, { capabilities: [scoped, audit], clock, ...options })
  const token = await logIn(auth.url)
  const ask = async (
    query = '',
    authorization: string | undefined = bearer(token),
  ): Promise<Answer> =>
    await readAnswer(await fetch(`${auth.url}/admin/audit${query}`, { headers: { authorization } }))
  const passWindow = () => clock.advance(windowMilliseconds)
  return { ...auth, token, ask, passWindow }
}

export function eventsIn({ body }: Answer): readonly Readonly<Record<string, unknown>>[] {
  return body.events as ReturnType<typeof eventsIn> // so the answer is declared
}
