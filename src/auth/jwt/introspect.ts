/**
 * `POST /introspect` (RFC 7662): what is this token? For service tokens, like `/validateToken`, but it only looks: asking
 * lets nothing live longer. `purpose` tells the kinds apart; only what a resource server may accept has a `token_type`.
 */
import { endpoint } from '../../http/endpoint.ts'
import { count, either, literal, object, optional, type TypeOf, text } from '../../http/shape.ts'
import type { FixedPurpose, LivingToken, Purpose, TokenStore } from '../../storage/ports.ts'
import { isTokenShape, keyOf } from '../../tokens/token.ts'
import { validateScope } from '../../validation.ts'
import { checkServiceToken } from '../check-service-token.ts'
import { clientIdOf } from '../clients.ts'
import type { AccessTokens } from './access-tokens.ts'
import { askedToken } from './asked-token.ts'
import type { LivingFamily, RefreshFamilies } from './refresh-families.ts'
import { hashOf, isRefreshTokenShape, placeOf, placeOfSession } from './refresh-token.ts'

const inactive = object({ active: literal(false) })
const active = object({
  active: literal(true),
  sub: text(),
  scope: text(),
  purpose: text(),
  token_type: optional(literal('Bearer')),
  client_id: optional(text()),
  jti: optional(text()),
  sid: optional(text()),
  /** Unix seconds. */
  iat: count(),
  exp: count(),
})
const answer = either(inactive, active, (value) => 'active' in value && value.active === true)
type Introspection = TypeOf<typeof answer>

const nothingKnown: Introspection = { active: false }
/** What not every kind has. */
const unsaid = { token_type: undefined, client_id: undefined, jti: undefined, sid: undefined }

export interface IntrospectDependencies {
  readonly tokens: TokenStore
  readonly session: Purpose
  readonly service: FixedPurpose
  readonly families: RefreshFamilies
  readonly accessTokens: AccessTokens
  readonly refreshPurpose: Purpose
  /** Whether the client must also show a certificate. */
  readonly requiresCertificate: boolean
}

export function introspect(dependencies: IntrospectDependencies) {
  const { tokens, session, service, families, accessTokens, refreshPurpose } = dependencies
  const rule = { scope: validateScope, requiresCertificate: dependencies.requiresCertificate }

  return endpoint({
    summary: 'Describe a token of any kind',
    access: 'service',
    body: askedToken,
    answers: { 200: answer },
  }).handle(async (call) => {
    await checkServiceToken({ tokens, purpose: service }, call, rule)
    const { token } = await call.body()
    return { status: 200, body: await describe(token) }
  })

  async function describe(token: string): Promise<Introspection> {
    if (isTokenShape(token)) {
      const purpose = token[3] === service.letter ? service : session
      return describeToken(await tokens.peek(keyOf(token), purpose))
    }
    if (isRefreshTokenShape(token)) {
      const [family] = await families.peek([placeOf(token)])
      return family?.tokenHash === hashOf(token) ? describeFamily(family) : nothingKnown
    }
    return await describeAccess(token)
  }

  function describeToken(found: LivingToken | undefined): Introspection {
    if (found === undefined) return nothingKnown
    const { sub, scope, purpose } = found
    const client_id = purpose === service.name ? clientIdOf(sub) : undefined
    const known = { ...unsaid, sub, scope, purpose, client_id }
    return { active: true, ...known, token_type: 'Bearer', ...timesOf(found) }
  }

  function describeFamily(family: LivingFamily): Introspection {
    const { id: sid, sub, scope, clientId: client_id } = family
    const { name: purpose } = refreshPurpose
    return { active: true, ...unsaid, sub, scope, purpose, client_id, sid, ...timesOf(family) }
  }

  async function describeAccess(token: string): Promise<Introspection> {
    const claims = await accessTokens.verify(token)
    if (claims === undefined) return nothingKnown
    const [family] = await families.peek([placeOfSession(claims)])
    if (family === undefined) return nothingKnown
    const { sub, scope, clientId: client_id, jti, sid } = claims
    const known = { sub, scope, purpose: 'access', client_id, jti, sid }
    return { active: true, ...known, token_type: 'Bearer', ...timesOf(claims) }
  }
}

function timesOf({ issuedAt, expiresAt }: { issuedAt: number; expiresAt: number }) {
  return { iat: Math.floor(issuedAt / 1000), exp: Math.floor(expiresAt / 1000) }
}
