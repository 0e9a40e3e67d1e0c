/**
 * Who is calling? The step that each endpoint for a logged-in user awaits first. To call is to use the session, so it lives
 * on; tokens of other kinds, which say themselves for how long they are good, do not.
 */
import { readBearer } from '../http/authorization.ts'
import type { Call } from '../http/endpoint.ts'
import { Refusal } from '../http/refusal.ts'
import type { ReinflatingPurpose, TokenStore } from '../storage/ports.ts'
import { isTokenShape, keyOf } from '../tokens/token.ts'
import type { Bearer, OtherKind } from './validate-tokens.ts'

export interface SessionDependencies {
  readonly tokens: TokenStore
  readonly purpose: ReinflatingPurpose
  readonly kinds: () => readonly OtherKind[]
}

/** Whose token a call brings. Refuses a call that brings none of a user's that is alive. */
export async function checkSession(
  dependencies: SessionDependencies,
  call: Pick<Call, 'header'>,
): Promise<Bearer> {
  const token = readBearer(call.header('authorization'))
  if (token === undefined) throw new Refusal('missing_token', 'A bearer token is needed here.')
  const bearer = await findBearer(dependencies, token)
  if (bearer === undefined)
    throw new Refusal('invalid_token', 'The token is unknown or no longer alive.')
  return bearer
}

async function findBearer(
  { tokens, purpose, kinds }: SessionDependencies,
  token: string,
): Promise<Bearer | undefined> {
  if (isTokenShape(token)) return (await tokens.reinflate([keyOf(token)], purpose))[0]
  return await kinds()
    .find((kind) => kind.hasShape(token))
    ?.find(token)
}
