/** Keys and tokens as auth makes them, made by an independent library, and a business that checks them itself. */
import type { TestContext } from 'node:test'
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
} from 'jose'
import { local } from '../../../src/business/local/register.ts'
import { manualClock } from '../../kit/clock.ts'
import { answer, startFakeAuth } from '../../kit/fake-auth.ts'
import { getData, startTestBusiness } from '../../kit/servers.ts'

export const issuer = 'https://auth.example'
export const audience = 'business'
export const keySetPath = '/.well-known/jwks.json'

export async function makeKey(algorithm = 'EdDSA') {
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true })
  const jwk = await exportJWK(publicKey)
  const kid = await calculateJwkThumbprint(jwk)
  const published = { ...jwk, kid, alg: algorithm, use: 'sig' }
  return { kid, algorithm, privateKey, publicKey, published }
}

export type Key = Awaited<ReturnType<typeof makeKey>>

export interface TokenParts {
  /** `undefined` leaves a parameter out. */
  readonly header?: Readonly<Record<string, unknown>>
  /** `undefined` leaves a claim out. */
  readonly claims?: Readonly<Record<string, unknown>>
}

/** A token that is good for five minutes from `now`, but for what is said otherwise. */
export async function sign(
  { kid, algorithm, privateKey }: Key,
  now: number,
  { header = {}, claims = {} }: TokenParts = {},
): Promise<string> {
  const seconds = Math.floor(now / 1000)
  const said = present({
    iss: issuer,
    aud: audience,
    sub: 'user-1',
    client_id: 'app',
    sid: 'family-1',
    jti: 'token-1',
    scope: 'data:read',
    iat: seconds,
    exp: seconds + 300,
    ...claims,
  })
  const protectedHeader = present({ alg: algorithm, typ: 'at+jwt', kid, ...header })
  return await new SignJWT(said as JWTPayload)
    .setProtectedHeader(protectedHeader as JWTHeaderParameters)
    .sign(privateKey)
}

function present(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}

/** A business in local mode, and the auth that it would ask. Its clock stands still until the test moves it. */
export async function startLocal(t: TestContext, keys: readonly Key[]) {
  const auth = await startFakeAuth(t)
  const publish = (...published: readonly Key[]) =>
    auth.always(keySetPath, answer(200, { keys: published.map((one) => one.published) }))
  publish(...keys)
  const clock = manualClock()
  const environment = { VALIDATION: 'local', ISSUER: issuer, AUDIENCE: audience }
  const options = { authUrl: auth.url, clock, capabilities: [local], environment }
  const business = await startTestBusiness(t, options)
  const ask = async (token: string) => {
    const response = await getData(business.url, token)
    const { data, error } = (await response.json()) as { data?: unknown; error?: string }
    return { status: response.status, ...present({ data, error }) }
  }
  return { auth, clock, business, publish, ask, fetches: () => auth.callsTo(keySetPath).length }
}
