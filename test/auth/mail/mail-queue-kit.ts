/** What the cases of the outbox's contract share. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { ClaimedMail, MailQueue, WaitingMail } from '../../../src/auth/mail/mail-queue.ts'
import type { Case } from '../../storage/contract.ts'

export interface OpenedQueue {
  readonly queue: MailQueue
  /** As whoever asks for a mail does it. */
  readonly add: (mail: WaitingMail) => Promise<void>
  /** Lets at least this much time go by, by the store's clock. */
  readonly pass: (milliseconds: number) => Promise<void>
}

export type MailQueueCase = Case<OpenedQueue>

export function newMail(fields: Partial<WaitingMail> = {}): WaitingMail {
  return { id: randomUUID(), template: 'test/hello', sub: randomUUID(), ...fields }
}

/** Longer than a case takes. */
export const longLease = { limit: 100, leaseMilliseconds: 600_000 }
/** Longer than a call takes, also on a busy machine. */
export const shortLease = { limit: 100, leaseMilliseconds: 1_000 }

/** The only mail that is due. */
export async function claimOne(
  queue: MailQueue,
  options: Parameters<MailQueue['claim']>[0] = longLease,
): Promise<ClaimedMail> {
  const [mail] = await queue.claim(options)
  assert.ok(mail !== undefined, 'no mail is due')
  return mail
}

export const idsOf = (mails: readonly WaitingMail[]) => mails.map(({ id }) => id)
