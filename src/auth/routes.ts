/** auth's table of contents. */
import { healthRoutes, type Readiness } from '../http/health.ts'
import { type Route, route } from '../http/router.ts'
import type { Log } from '../log.ts'
import type { Passwords } from '../passwords/passwords.ts'
import type { TokenStore, UserStore } from '../storage/ports.ts'
import type { CorePurposes } from '../tokens/purposes.ts'
import { findServiceToken } from './check-service-token.ts'
import type { Clients } from './clients.ts'
import { grantClientToken } from './grant-client-token.ts'
import { logIn } from './log-in.ts'
import { logOut } from './log-out.ts'
import { loginSteps } from './login-steps.ts'
import { validateTokens } from './validate-tokens.ts'

export interface AuthDependencies {
  readonly tokens: TokenStore
  readonly users: UserStore
  readonly clients: Clients
  readonly passwords: Passwords
  readonly purposes: CorePurposes
  readonly readiness: Readiness
  readonly log: Log
}

export function authRoutes(dependencies: AuthDependencies): readonly Route[] {
  const { tokens, users, clients, passwords, purposes, readiness, log } = dependencies
  const { session, service } = purposes
  const steps = loginSteps({ users, tokens, passwords, purpose: session })
  const mayKnowWhy = async (call: Parameters<typeof findServiceToken>[1]) =>
    (await findServiceToken({ tokens, purpose: service }, call)) !== undefined
  return [
    route('/login', { POST: logIn({ steps, users, log }) }),
    route('/logout', { POST: logOut({ tokens, purpose: session, log }) }),
    route('/token', { POST: grantClientToken({ clients, tokens, purpose: service, log }) }),
    route('/validateToken', { POST: validateTokens({ tokens, session, service }) }),
    ...healthRoutes({ readiness, mayKnowWhy }),
  ]
}
