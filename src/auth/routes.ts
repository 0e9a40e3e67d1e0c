/** auth's table of contents. */
import type { Call } from '../http/endpoint.ts'
import { healthRoutes, type Readiness } from '../http/health.ts'
import { type Route, route } from '../http/router.ts'
import type { Log } from '../log.ts'
import type { Passwords } from '../passwords/passwords.ts'
import type { TokenStore, UserStore } from '../storage/ports.ts'
import type { CorePurposes } from '../tokens/purposes.ts'
import { hasServiceToken } from './check-service-token.ts'
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
  /** Whether clients (not users) must show certificates in their names. */
  readonly requiresCertificate: boolean
  readonly readiness: Readiness
  readonly log: Log
}

export function authRoutes(dependencies: AuthDependencies): readonly Route[] {
  const { tokens, users, clients, passwords, purposes, readiness, log } = dependencies
  const { session, service } = purposes
  const { requiresCertificate } = dependencies
  const steps = loginSteps({ users, tokens, passwords, purpose: session })
  const mayKnowWhy = (call: Call) => hasServiceToken({ tokens, purpose: service }, call)
  return [
    route('/login', { POST: logIn({ steps, users, log }) }),
    route('/logout', { POST: logOut({ tokens, purpose: session, log }) }),
    route('/token', {
      POST: grantClientToken({ clients, tokens, purpose: service, requiresCertificate, log }),
    }),
    route('/validateToken', {
      POST: validateTokens({ tokens, session, service, requiresCertificate }),
    }),
    ...healthRoutes({ readiness, mayKnowWhy }),
  ]
}
