/**
 * The shapes of the validation call: the one file that auth and business share. auth declares its endpoint with them,
 * business holds the answers against them.
 */
import {
  anything,
  count,
  either,
  listOf,
  literal,
  object,
  type TypeOf,
  text,
} from './http/shape.ts'

/** How many tokens one call may ask about. */
export const maxTokensPerCall = 1_024

/** How long the body of one call may be. */
export const maxValidationBytes = 1024 * 1024

/** What a service token must be allowed to do to ask. */
export const validateScope = 'tokens:validate'

const dead = object({ authenticated: literal(false) })

const alive = object({
  authenticated: literal(true),
  /** Whose the token is: a user's UUID. */
  sub: text(),
  /** The display name at the time of the login. */
  name: text(),
  /** Space-separated. */
  scope: text(),
  purpose: text(),
  /** Unix seconds. */
  issued_at: count(),
  /** Whole seconds left, counted from this validation. */
  expires_in: count(),
  /** Whole seconds until no validation extends it any more. */
  cap_in: count(),
  refresh_count: count(),
})

/** Of a token that says itself whose it is and for how long: asking does not extend it, and it has no name. */
const aliveAccess = object({
  authenticated: literal(true),
  sub: text(),
  scope: text(),
  purpose: literal('access'),
  /** Unix seconds. */
  issued_at: count(),
  /** Whole seconds left. */
  expires_in: count(),
})

const authenticated = either(
  alive,
  aliveAccess,
  (value) => 'purpose' in value && value.purpose === 'access',
)

/** What auth says of one token. */
export const validation = either(
  dead,
  authenticated,
  (value) => 'authenticated' in value && value.authenticated === true,
)
export type Validation = TypeOf<typeof validation>
export type SessionValidation = TypeOf<typeof alive>
export type AccessValidation = TypeOf<typeof aliveAccess>
export type AliveValidation = SessionValidation | AccessValidation

/** In a list: auth cannot say anything of this token now, though it can of others. */
const unanswered = object({ error: literal('temporarily_unavailable') })

const listedValidation = either(validation, unanswered, (value) => 'error' in value)
export type ListedValidation = TypeOf<typeof listedValidation>

/** The answer to a list: one for each token, in the same order. */
export const validationList = object({
  results: listOf(listedValidation, { maxItems: maxTokensPerCall }),
})

const oneToken = object({ token: text() })
const manyTokens = object({ tokens: listOf(anything(), { maxItems: maxTokensPerCall }) })

/** One token, or a list. A member of the list may be anything: what is no token is not authenticated. */
export const validationRequest = either(oneToken, manyTokens, (value) => 'tokens' in value)

export const validationAnswer = either(validation, validationList, (value) => 'results' in value)
