/**
 * `POST /revoke` (RFC 7009): ends a token of any kind, and with an access or a refresh token the family that it came
 * from. RFC 7009 §2.1 wants clients with secrets to show them; users' programs have none, so here the token itself
 * is the proof, as for `/logout`: whoever has it could do worse with it. What is unknown or dead is 200 too (§2.2).
 */
import { endpoint, nothing } from '../../http/endpoint.ts'
import type { Log } from '../../log.ts'
import type { FixedPurpose, Purpose, TokenStore } from '../../storage/ports.ts'
import { type BearerToken, isTokenShape, keyOf } from '../../tokens/token.ts'
import type { Report } from '../security-events.ts'
import type { AccessTokens } from './access-tokens.ts'
import { askedToken } from './asked-token.ts'
import type { FamilyPlace, RefreshFamilies } from './refresh-families.ts'
import { isRefreshTokenShape, placeOf, placeOfSession } from './refresh-token.ts'

export interface RevokeDependencies {
  readonly tokens: TokenStore
  /** Of all tokens that can be ended, but for refresh tokens. */
  readonly purposes: () => readonly Purpose[]
  readonly families: RefreshFamilies
  readonly accessTokens: AccessTokens
  readonly refreshPurpose: FixedPurpose
  readonly report: Report
  readonly log: Log
}

interface Ended {
  readonly id: string
  readonly sub: string
  readonly purpose: string
}

export function revoke(dependencies: RevokeDependencies) {
  const { tokens, purposes, families, accessTokens, refreshPurpose, report, log } = dependencies

  return endpoint({
    summary: 'End a token of any kind',
    access: 'anybody',
    body: askedToken,
    answers: { 200: nothing },
  }).handle(async (call) => {
    const { token } = await call.body()
    const ended = await end(token)
    if (ended !== undefined) {
      const { requestId, source } = call
      const { id: session, sub, purpose } = ended
      log.info('revoked', { request_id: requestId, sub, session, purpose })
      report({ type: 'token_revoked', requestId, source, sub, session, details: { purpose } })
    }
    return { status: 200, body: undefined }
  })

  async function end(token: string): Promise<Ended | undefined> {
    if (isTokenShape(token)) return await endToken(token)
    if (isRefreshTokenShape(token)) return await endFamily(placeOf(token))
    const claims = await accessTokens.verify(token)
    return claims && (await endFamily(placeOfSession(claims)))
  }

  async function endToken(token: BearerToken): Promise<Ended | undefined> {
    const purpose = purposes().find(({ letter }) => letter === token[3])
    return purpose && (await tokens.revoke(keyOf(token), purpose))
  }

  async function endFamily(place: FamilyPlace): Promise<Ended | undefined> {
    const family = await families.kill(place)
    return family && { ...family, purpose: refreshPurpose.name }
  }
}
