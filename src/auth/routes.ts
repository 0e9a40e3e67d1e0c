/** auth's table of contents. */
import type { Call } from '../http/endpoint.ts'
import { healthRoutes, type Readiness } from '../http/health.ts'
import { type Route, route } from '../http/router.ts'
import { withDocument } from '../http/show-document.ts'
import type { Log } from '../log.ts'
import type { TokenStore } from '../storage/ports.ts'
import type { CorePurposes } from '../tokens/purposes.ts'
import type { Addition } from './capability.ts'
import { hasServiceToken } from './check-service-token.ts'
import type { Clients } from './clients.ts'
import { grantClientToken } from './grant-client-token.ts'
import { logIn } from './log-in.ts'
import { logOut } from './log-out.ts'
import type { Login } from './login.ts'
import type { Report } from './security-events.ts'
import { validateTokens } from './validate-tokens.ts'

export interface AuthDependencies {
  readonly tokens: TokenStore
  readonly login: Login
  readonly clients: Clients
  readonly purposes: CorePurposes
  /** Whether clients (not users) must show certificates in their names. */
  readonly requiresCertificate: boolean
  readonly readiness: Readiness
  readonly report: Report
  readonly log: Log
  /** Of the capabilities. */
  readonly additions: readonly Addition[]
  /** Of this program. */
  readonly version: string
}

export function authRoutes(dependencies: AuthDependencies): readonly Route[] {
  const { tokens, login, clients, purposes, readiness, report, log, additions } = dependencies
  const { session, service } = purposes
  const { requiresCertificate } = dependencies
  const kinds = additions.flatMap((addition) => addition.kinds ?? [])
  const mayKnowWhy = (call: Call) => hasServiceToken({ tokens, purpose: service }, call)
  const routes = [
    route('/login', { POST: logIn({ login, tokens, purpose: session, log }) }),
    route('/logout', { POST: logOut({ tokens, purpose: session, kinds, report, log }) }),
    route('/token', {
      POST: grantClientToken({
        clients,
        tokens,
        purpose: service,
        requiresCertificate,
        report,
        log,
      }),
    }),
    route('/validateToken', {
      POST: validateTokens({ tokens, session, service, requiresCertificate, kinds }),
    }),
    ...healthRoutes({ readiness, mayKnowWhy }),
    ...additions.flatMap((addition) => addition.routes ?? []),
  ]
  return withDocument(routes, { title: 'Sallyport: auth', version: dependencies.version })
}
