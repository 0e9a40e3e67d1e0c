/** Who is calling? The step that each endpoint for a logged-in user awaits first. To call is to use the session, so it lives on. */
import { readBearer } from '../http/authorization.ts'
import type { Call } from '../http/endpoint.ts'
import { Refusal } from '../http/refusal.ts'
import type { LivingToken, ReinflatingPurpose, TokenStore } from '../storage/ports.ts'
import { isTokenShape, keyOf } from '../tokens/token.ts'

export interface SessionDependencies {
  readonly tokens: TokenStore
  readonly purpose: ReinflatingPurpose
}

/** The session whose token a call brings, reinflated. Refuses a call that brings none that is alive. */
export async function checkSession(
  { tokens, purpose }: SessionDependencies,
  call: Pick<Call, 'header'>,
): Promise<LivingToken> {
  const token = readBearer(call.header('authorization'))
  if (token === undefined) throw new Refusal('missing_token', 'A bearer token is needed here.')
  const keys = isTokenShape(token) ? [keyOf(token)] : []
  const [session] = await tokens.reinflate(keys, purpose)
  if (session === undefined)
    throw new Refusal('invalid_token', 'The token is unknown or no longer alive.')
  return session
}
