/** `GET /.well-known/jwks.json`: the public keys, RFC 7517 §5. Anyone may keep the answer for as long as it says. */
import { endpoint } from '../../http/endpoint.ts'
import { listOf, object, optional, text } from '../../http/shape.ts'
import type { KeyRing } from './key-ring.ts'
import { keySetMaxAgeSeconds } from './key-times.ts'

const jwk = object({
  kty: text(),
  crv: text(),
  x: text(),
  y: optional(text()),
  kid: text(),
  alg: text(),
  use: text(),
})
const keySet = object({ keys: listOf(jwk, { maxItems: 100 }) })

const headers = { 'Cache-Control': `public, max-age=${keySetMaxAgeSeconds}` }

export function showKeySet({ keys }: { readonly keys: Pick<KeyRing, 'published'> }) {
  return endpoint({
    summary: 'Show the public keys of access tokens',
    access: 'anybody',
    refusals: ['temporarily_unavailable'],
    answers: { 200: keySet },
  }).handle(() => ({
    status: 200,
    body: { keys: keys.published().map(({ publicJwk }) => publicJwk) },
    headers,
  }))
}
