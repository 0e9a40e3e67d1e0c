/** The port of the outbox: what waits to be sent. It holds no token and no address, so a dump of it tells neither. */

export interface WaitingMail {
  /** Two requests with one id become one mail. */
  readonly id: string
  /** The name of a template. */
  readonly template: string
  /** Whom it is about. */
  readonly sub: string
}

/** Instants are epoch milliseconds of the store's clock. */
export interface ClaimedMail extends WaitingMail {
  /** When it was asked for last. */
  readonly addedAt: number
  readonly claimedAt: number
  /** 1 for the first. */
  readonly attempt: number
  /** Tells this claim from others of the same mail. */
  readonly lease: string
}

/**
 * Each method is one atomic step. To ask for a mail that waits makes it due now, as if it were new; to ask for one that is claimed
 * changes nothing of the claim, and makes it due when that ends.
 */
export interface MailQueue {
  /**
   * Mails that are due, the longest due first. Until the lease is over nobody else gets them; then they are due again, for
   * whoever had them may be gone. So each is sent at least once, and perhaps more often.
   */
  claim(options: ClaimOptions): Promise<readonly ClaimedMail[]>
  /** Forgets it, or makes it due now where it was asked for again. Does nothing where somebody else has claimed it since. */
  finish(mail: ClaimedMail): Promise<void>
  /** Makes it due after the delay, or now where it was asked for again. Does nothing where somebody else has claimed it since. */
  retry(mail: ClaimedMail, delayMilliseconds: number): Promise<void>
}

export interface ClaimOptions {
  readonly limit: number
  readonly leaseMilliseconds: number
}
