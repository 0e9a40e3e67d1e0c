/** A mail as it leaves, whichever way; and what must be true of one, because it becomes lines that others wrote a part of. */

export interface Message {
  /** `<…@…>`. The same each time where the mail is the same, so that a receiver can drop the second. */
  readonly messageId: string
  /** Epoch milliseconds. */
  readonly at: number
  readonly from: string
  readonly to: string
  readonly subject: string
  /** Lines are ended by `\n`. */
  readonly text: string
}

/** Resolves when somebody else has the mail. Should stop where the signal says so. */
export type Deliver = (message: Message, signal: AbortSignal) => Promise<void>

/** Why a mail could not be sent, in words that tell neither an address nor a secret. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError'
  /** Whether it would be in vain to try again. */
  readonly isPermanent: boolean
  constructor(reason: string, { isPermanent = false }: { readonly isPermanent?: boolean } = {}) {
    super(reason)
    this.isPermanent = isPermanent
  }
}

/** One address and nothing else: no list, no display name, nothing that ends a line. Quoted local parts are not supported. */
const addressPattern = /^[^\p{Cc}\s<>()[\]\\,;:"@]{1,64}@[^\p{Cc}\s<>()[\]\\,;:"@]{1,255}$/u

export function isAddress(text: string): boolean {
  return addressPattern.test(text)
}

export function checkAddress(address: string): void {
  if (!isAddress(address)) throw new DeliveryError('the address is none', { isPermanent: true })
}

/** A line break would let whoever wrote a part of it write further headers (CWE-93). */
export function checkSubject(subject: string): void {
  if (/\p{Cc}/u.test(subject)) {
    throw new DeliveryError('the subject has control characters', { isPermanent: true })
  }
}
