import { readBearer } from '../http/authorization.ts'
import type { Call } from '../http/endpoint.ts'
import { Refusal } from '../http/refusal.ts'
import type { FixedPurpose, LivingToken, TokenStore } from '../storage/ports.ts'
import { isTokenShape, keyOf } from '../tokens/token.ts'
import { checkCertificate } from './check-certificate.ts'
import { checkScope } from './check-scope.ts'
import { clientIdOf } from './clients.ts'

export interface ServiceTokenDependencies {
  readonly tokens: TokenStore
  readonly purpose: FixedPurpose
}

export interface ServiceTokenRule {
  readonly scope: string
  /** Whether its client must also show a certificate. */
  readonly requiresCertificate: boolean
}

/** Whose service token a call brings; `undefined` where it brings none that is alive. */
async function findServiceToken(
  { tokens, purpose }: ServiceTokenDependencies,
  call: Pick<Call, 'header'>,
): Promise<LivingToken | undefined> {
  const token = readBearer(call.header('authorization'))
  return isTokenShape(token) ? await tokens.peek(keyOf(token), purpose) : undefined
}

/** Whether a call brings a living service token; not, where nobody can tell. */
export async function hasServiceToken(
  dependencies: ServiceTokenDependencies,
  call: Pick<Call, 'header'>,
): Promise<boolean> {
  try {
    return (await findServiceToken(dependencies, call)) !== undefined
  } catch {
    return false
  }
}

/** Refuses a call that brings no living service token that obeys this rule. To be awaited before anything else is done. */
export async function checkServiceToken(
  dependencies: ServiceTokenDependencies,
  call: Pick<Call, 'header' | 'hasCertificateFor'>,
  { scope, requiresCertificate }: ServiceTokenRule,
): Promise<void> {
  if (call.header('authorization') === undefined)
    throw new Refusal('missing_token', 'A service token is needed here.')
  const found = await findServiceToken(dependencies, call)
  if (found === undefined)
    throw new Refusal('invalid_token', 'The service token is unknown or no longer alive.')
  if (requiresCertificate) checkCertificate(call, clientIdOf(found.sub), 'invalid_token')
  checkScope(found, scope)
}
