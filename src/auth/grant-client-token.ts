/**
 * `POST /token`: a service token for a client that proves who it is, RFC 6749 §4.4.
 *
 * Who disables a client changes it first and sets a new mark after. So the client must be found good once more after its
 * mark was read: whatever happened to it by then is seen, and what happens later changes the mark before the token is
 * issued. The mark is not read for strangers.
 */
import { readBasic } from '../http/authorization.ts'
import { type Call, endpoint } from '../http/endpoint.ts'
import { Refusal } from '../http/refusal.ts'
import { count, literal, object, optional, type TypeOf, text } from '../http/shape.ts'
import type { Log } from '../log.ts'
import type { FixedPurpose, TokenStore } from '../storage/ports.ts'
import { mintToken } from '../tokens/token.ts'
import { checkCertificate } from './check-certificate.ts'
import { authenticateClient, type Client, type Clients, subjectOf } from './clients.ts'
import { remainingSeconds } from './lifetimes.ts'
import type { Report } from './security-events.ts'

const grantRequest = object({
  grant_type: optional(text({ maxLength: 64 })),
  scope: optional(text({ maxLength: 1024 })),
})

const grantAnswer = object({
  access_token: text(),
  token_type: literal('Bearer'),
  expires_in: count(),
  scope: text(),
})

export interface GrantClientTokenDependencies {
  readonly clients: Clients
  readonly tokens: TokenStore
  readonly purpose: FixedPurpose
  /** Whether the client must also show a certificate. */
  readonly requiresCertificate: boolean
  readonly report: Report
  readonly log: Log
}

export function grantClientToken({
  clients,
  tokens,
  purpose,
  requiresCertificate,
  report,
  log,
}: GrantClientTokenDependencies) {
  return endpoint({
    summary: 'Grant a service token to a client',
    access: 'client',
    refusals: ['invalid_scope', 'unsupported_grant_type'],
    body: { shape: grantRequest, formats: ['form'] },
    answers: { 200: grantAnswer },
  }).handle(async (call) => {
    const { requestId, source } = call
    try {
      return await grant(call)
    } catch (error) {
      if (error instanceof Refusal && error.code === 'invalid_client') {
        const username = readBasic(call.header('authorization'))?.userId
        report({ type: 'service_token_refused', requestId, source, username })
      }
      throw error
    }
  })

  async function grant(call: Call<TypeOf<typeof grantRequest>>) {
    const authorization = call.header('authorization')
    const stated = await authenticateClient(clients, authorization)
    if (requiresCertificate) checkCertificate(call, stated.id, 'invalid_client')
    const { grant_type, scope: asked } = await call.body()
    // RFC 6749 §3.2: a parameter without a value counts as left out.
    if (grant_type === undefined || grant_type === '') {
      throw new Refusal('invalid_request', "The field 'grant_type' is missing.")
    }
    if (grant_type !== 'client_credentials') {
      throw new Refusal('unsupported_grant_type', 'The only grant type here is client_credentials.')
    }
    const sub = subjectOf(stated)
    const mark = (await tokens.marks(sub, [purpose])).get(purpose.name)
    const client = await authenticateClient(clients, authorization)
    const scope = grantedScope(client, asked)
    const { token, filed } = mintToken({ purpose, sub, name: client.id, scope, mark })
    const issued = await tokens.issue(filed)
    if (issued === undefined)
      throw new Refusal('invalid_client', 'The client was disabled meanwhile.')
    const { requestId, source } = call
    log.info('service token granted', { request_id: requestId, sub, scope })
    report({ type: 'service_token_granted', requestId, source, sub, details: { scope } })
    const body = {
      access_token: token,
      token_type: 'Bearer',
      expires_in: remainingSeconds(issued),
      scope,
    } as const
    return { status: 200, body, headers: { Pragma: 'no-cache' } } as const // RFC 6749 §5.1
  }
}

/** RFC 6749 §3.3: what was asked for, if the client may have all of it; everything it may have, if nothing was. */
function grantedScope({ scopes }: Client, asked: string | undefined): string {
  if (asked === undefined || asked === '') return scopes.join(' ')
  const wanted = new Set(asked.split(' '))
  if ([...wanted].every((one) => scopes.includes(one))) return [...wanted].join(' ')
  throw new Refusal('invalid_scope', 'The client may not have this scope.')
}
