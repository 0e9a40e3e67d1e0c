/** Who is calling? The step that every guarded endpoint awaits first. */
import { isBearerSyntax, readBearer } from '../http/authorization.ts'
import type { Call } from '../http/endpoint.ts'
import { Refusal } from '../http/refusal.ts'
import type { AliveValidation } from '../validation.ts'
import { deadToken, type Validate } from './validator.ts'

/** Refuses a call without a living token, and otherwise says whose it is and how long it lives. */
export async function checkToken(validate: Validate, call: Call): Promise<AliveValidation> {
  const token = readToken(call)
  if (token === undefined) throw new Refusal('missing_token', 'A bearer token is needed here.')
  if (!isBearerSyntax(token)) throw deadToken()
  return validate(token, call)
}

/** `Authorization: Bearer T`, or its alias `token: T`. Both, and not the same: a 400, or two readers would see two users. */
function readToken(call: Call): string | undefined {
  const bearer = readBearer(call.header('authorization'))
  const alias = call.header('token')
  if (bearer !== undefined && alias !== undefined && bearer !== alias) {
    throw new Refusal(
      'invalid_request',
      "The headers 'authorization' and 'token' bring two different tokens.",
    )
  }
  return bearer ?? alias
}
