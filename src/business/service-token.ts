/** business's own credential at auth: fetched when first needed, renewed in the background before it dies. */
import { count, literal, object, type TypeOf, text } from '../http/shape.ts'
import { type AuthAnswer, type AuthConnection, postTwice } from './auth-connection.ts'

export interface ServiceToken {
  /** The token, while it is good. Fetches the next one in the background when its time has come. */
  held(): string | undefined
  /** A fresh one. Of simultaneous callers one fetches, and all get what it got. */
  fetch(): Promise<string>
  /** Auth has refused this token: it is not handed out again. */
  forget(token: string): void
}

export interface ServiceTokenDependencies {
  /** Not the one over which validations go: a renewal that hangs must not hold them up. */
  readonly connection: AuthConnection
  readonly client: { readonly id: string; readonly secret: string }
  readonly scope: string
  readonly now: () => number
}

interface Held {
  readonly token: string
  /** From then on a new one is fetched while this one is still used. */
  renewAt: number
  /** From then on it is not used any more. */
  readonly staleAt: number
}

/** Between two tries to renew a token that is still good. */
const renewalPauseMilliseconds = 1_000

const tokenAnswer = object({
  access_token: text(),
  token_type: literal('Bearer'),
  expires_in: count(),
  scope: text(),
})

export function createServiceToken({
  connection,
  client,
  scope,
  now,
}: ServiceTokenDependencies): ServiceToken {
  const authorization = basicAuthorization(client)
  let held: Held | undefined
  let fetching: Promise<string> | undefined

  async function fetchToken(): Promise<string> {
    const askedAt = now() // the life is counted from here: auth counts from later, so we err on the safe side
    const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' }
    const body = `grant_type=client_credentials&scope=${encodeURIComponent(scope)}`
    const { access_token: token, expires_in } = readTokenAnswer(
      await postTwice(connection, { path: '/token', headers, body }),
    )
    const life = expires_in * 1000
    held = { token, renewAt: askedAt + life * 0.6, staleAt: askedAt + life * 0.9 }
    return token
  }

  function fetchOnce(): Promise<string> {
    fetching ??= fetchToken().finally(() => {
      fetching = undefined
    })
    return fetching
  }

  return {
    held() {
      const at = now()
      if (held === undefined || at >= held.staleAt) return undefined
      if (at >= held.renewAt) {
        // A failed renewal is no failure yet: it is tried again while this one is good, and then its failure is told.
        held.renewAt = at + renewalPauseMilliseconds
        fetchOnce().catch(() => {})
      }
      return held.token
    },
    fetch: fetchOnce,
    forget(token) {
      if (held?.token === token) held = undefined
    },
  }
}

/** RFC 6749 §2.3.1: form-encoded, joined by a colon, then base64. */
function basicAuthorization({ id, secret }: { id: string; secret: string }): string {
  const pair = `${encodeURIComponent(id)}:${encodeURIComponent(secret)}`
  return `Basic ${Buffer.from(pair).toString('base64')}`
}

/** Throws where auth did not grant a token; the message repeats nothing of the answer. */
export function readTokenAnswer({ status, text: json }: AuthAnswer): TypeOf<typeof tokenAnswer> {
  if (status !== 200) throw new Error(`auth answered ${status} to the request for a service token`)
  try {
    return tokenAnswer.check(JSON.parse(json))
  } catch {
    throw new Error('auth granted a service token in a form that cannot be read')
  }
}
