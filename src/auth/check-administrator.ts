import type { Call } from '../http/endpoint.ts'
import { checkScope } from './check-scope.ts'
import { checkSession, type SessionDependencies } from './check-session.ts'
import type { Bearer } from './validate-tokens.ts'

/** What an administrator may do, and nobody else. */
export const administratorScope = 'admin'

/** The administrator who is calling. Refuses everybody else. To be awaited before anything else is done. */
export async function checkAdministrator(
  dependencies: SessionDependencies,
  call: Pick<Call, 'header'>,
): Promise<Bearer> {
  const session = await checkSession(dependencies, call)
  checkScope(session, administratorScope)
  return session
}
