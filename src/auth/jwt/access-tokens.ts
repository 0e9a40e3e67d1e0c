/** Access tokens: JWTs after RFC 9068, which say themselves whose they are, and for how long. Nothing personal is in one. */

export interface AccessTokens {
  /** Signs. `expiresInSeconds` is 300. Rejects with a 503 where the keys cannot be read. */
  mint(request: AccessRequest): Promise<MintedAccess>
  /**
   * The claims of one that we signed and that has not expired; `undefined` for anything else, never an error for what a
   * client sent. Says nothing about whether its family lives. Rejects with a 503 where the keys cannot be read.
   */
  verify(token: string): Promise<AccessClaims | undefined>
}

export interface AccessRequest {
  /** A user's id. */
  readonly sub: string
  /** Of the family. */
  readonly sid: string
  readonly clientId: string
  /** Space-separated. May be empty. */
  readonly scope: string
}

export interface MintedAccess {
  readonly token: string
  readonly expiresInSeconds: number
}

export interface AccessClaims extends AccessRequest {
  /** Different for each token. */
  readonly jti: string
  /** Epoch milliseconds, of whole seconds. */
  readonly issuedAt: number
  /** At this very instant it is dead. */
  readonly expiresAt: number
}
