/**
 * `POST /validateToken`: is this token good, and whose is it? Asking reinflates it. The answer tells a guesser whether a
 * token is good, so the call is for service tokens only, and its body is read only after that was checked.
 */
import { endpoint } from '../http/endpoint.ts'
import { Refusal } from '../http/refusal.ts'
import {
  type FixedPurpose,
  type LivingToken,
  PartlyUnavailable,
  type ReinflatingPurpose,
  type TokenKey,
  type TokenStore,
} from '../storage/ports.ts'
import { isTokenShape, keyOf } from '../tokens/token.ts'
import {
  type ListedValidation,
  maxValidationBytes,
  type Validation,
  validateScope,
  validationAnswer,
  validationRequest,
} from '../validation.ts'
import { checkServiceToken } from './check-service-token.ts'
import { remainingCapSeconds, remainingSeconds } from './lifetimes.ts'

/** Whose a token was, and its public id, or that of the login that it came from. */
export interface Ended {
  readonly id: string
  readonly sub: string
}

/** What there is to know of a user who calls with a token. */
export interface Bearer extends Ended {
  /** Space-separated. */
  readonly scope: string
}

/** Tokens of another form than ours that are asked about here too. */
export interface OtherKind {
  /** Whether a text has this form. Says nothing about whether it is good. */
  hasShape(token: string): boolean
  /** One validation for each, in the same order. Rejects with a 503 where it cannot tell. */
  validate(tokens: readonly string[]): Promise<readonly Validation[]>
  /** Whose it is; `undefined` where it is not good. Changes nothing. Rejects with a 503 where it cannot tell. */
  find(token: string): Promise<Bearer | undefined>
  /** Ends the login that it came from. `undefined` where that was not alive. */
  end(token: string): Promise<Ended | undefined>
}

export interface ValidateTokensDependencies {
  readonly tokens: TokenStore
  readonly session: ReinflatingPurpose
  readonly service: FixedPurpose
  /** Whether the client must also show a certificate. */
  readonly requiresCertificate: boolean
  readonly kinds: readonly OtherKind[]
}

const body = { shape: validationRequest, formats: ['json'], maxBytes: maxValidationBytes } as const

export function validateTokens({
  tokens,
  session,
  service,
  requiresCertificate,
  kinds,
}: ValidateTokensDependencies) {
  const rule = { scope: validateScope, requiresCertificate }
  return endpoint({
    summary: 'Ask whether tokens are good, and let their sessions live on',
    access: 'service',
    body,
    answers: { 200: validationAnswer },
  }).handle(async (call) => {
    await checkServiceToken({ tokens, purpose: service }, call, rule)
    const asked = await call.body()
    if ('tokens' in asked)
      return { status: 200, body: { results: await validateList(asked.tokens) } }
    return { status: 200, body: await validateOne(asked.token) }
  })

  async function validateOne(token: string): Promise<Validation> {
    const kind = kinds.find((one) => one.hasShape(token))
    if (kind !== undefined) return (await kind.validate([token]))[0] ?? { authenticated: false }
    const keys = isTokenShape(token) ? [keyOf(token)] : []
    const [found] = await tokens.reinflate(keys, session)
    return toValidation(found)
  }

  /** What can be said is said, though of others nothing can. */
  async function reinflate(keys: readonly TokenKey[]): Promise<readonly Reinflated[]> {
    try {
      return await tokens.reinflate(keys, session)
    } catch (error) {
      if (error instanceof PartlyUnavailable) return error.answers
      throw error
    }
  }

  /** Equal tokens are one validation; what has not the shape of a token is not asked about. */
  async function validateList(asked: readonly unknown[]): Promise<ListedValidation[]> {
    const places = new Map<unknown, number>()
    const keys: TokenKey[] = []
    const others: unknown[] = []
    for (const token of asked) {
      if (places.has(token)) continue
      if (isTokenShape(token)) places.set(token, keys.push(keyOf(token)) - 1)
      else others.push(token)
    }
    const answersOfOthers = others.length === 0 ? noAnswers : await validateOthers(others)
    const answers = (await reinflate(keys)).map(toListedValidation)
    return asked.map(
      (token) =>
        answers[places.get(token) ?? -1] ?? answersOfOthers.get(token) ?? { authenticated: false },
    )
  }

  /** Where a kind cannot tell, that is said of its own tokens and of no other. */
  async function validateOthers(
    asked: readonly unknown[],
  ): Promise<Map<unknown, ListedValidation>> {
    const validations = new Map<unknown, ListedValidation>()
    for (const kind of kinds) {
      const isOfKind = (token: unknown) => typeof token === 'string' && kind.hasShape(token)
      const its = [...new Set(asked.filter(isOfKind) as string[])]
      if (its.length === 0) continue
      const found = await listedBy(kind, its)
      its.forEach((token, index) => {
        validations.set(token, found[index] ?? { authenticated: false })
      })
    }
    return validations
  }
}

const noAnswers: ReadonlyMap<unknown, ListedValidation> = new Map()

async function listedBy(
  kind: OtherKind,
  tokens: readonly string[],
): Promise<readonly ListedValidation[]> {
  try {
    return await kind.validate(tokens)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return tokens.map(() => ({ error: 'temporarily_unavailable' }))
  }
}

type Reinflated = LivingToken | undefined | 'unavailable'

function toListedValidation(found: Reinflated): ListedValidation {
  return found === 'unavailable' ? { error: 'temporarily_unavailable' } : toValidation(found)
}

function toValidation(found: LivingToken | undefined): Validation {
  if (found === undefined) return { authenticated: false }
  return {
    authenticated: true,
    sub: found.sub,
    name: found.name,
    scope: found.scope,
    purpose: found.purpose,
    issued_at: Math.floor(found.issuedAt / 1000),
    expires_in: remainingSeconds(found),
    cap_in: remainingCapSeconds(found),
    refresh_count: found.refreshCount,
  }
}
