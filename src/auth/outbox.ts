/** Mail as capabilities see it: who asks for one writes no token and no address, and need not wait. Types alone. */
import type { BoundStatement } from '../storage/backing.ts'
import type { SingleUsePurpose } from '../storage/ports.ts'

export interface MailRequest {
  /** The name of a template. */
  readonly template: string
  /** Whom it is about; the template knows the address. */
  readonly sub: string
}

/** Brought by the capability that asks for such mails. */
export interface MailTemplate {
  /** Unique among all: `accounts/verify`. */
  readonly name: string
  /** Where the mail brings a token, whose context is the `addressDigest` of where it goes: a fresh one is minted as the mail is sent, which ends the subject's earlier ones of this purpose. */
  readonly purpose?: SingleUsePurpose
  /** The stored address of that subject; `undefined` where there is none any more, and no mail is sent. */
  addressOf(sub: string): Promise<string | undefined>
  /** Plain text, lines ended by `\n`. `token` is there where there is a purpose. */
  write(facts: { readonly token: string | undefined }): {
    readonly subject: string
    readonly text: string
  }
}

/**
 * Mails that are to be sent. Each is tried until it was sent, or given up. Requests about one subject that wait together
 * become one mail where they are for one purpose, or for one template without a purpose: the last template is sent.
 *
 * To ask for a mail of a template that nobody brings is a `TypeError`.
 */
export interface Outbox {
  /** Where accounts are in Postgres: goes into the transaction whose change the mail tells. Answers a row. */
  statementFor(request: MailRequest): BoundStatement
  /** Where accounts are in memory. Refuses with `temporarily_unavailable` where the outbox is full. */
  add(request: MailRequest): void
  /** After the transaction: looks now instead of at the next interval. Never throws, and nobody waits for it. */
  look(): void
}
