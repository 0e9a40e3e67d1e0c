import type { Call } from '../http/endpoint.ts'
import type { LivingToken } from '../storage/ports.ts'
import { checkScope } from './check-scope.ts'
import { checkSession, type SessionDependencies } from './check-session.ts'

/** What an administrator's session may do, and no other. */
export const administratorScope = 'admin'

/** The session of the administrator who is calling. Refuses everybody else. To be awaited before anything else is done. */
export async function checkAdministrator(
  dependencies: SessionDependencies,
  call: Pick<Call, 'header'>,
): Promise<LivingToken> {
  const session = await checkSession(dependencies, call)
  checkScope(session, administratorScope)
  return session
}
