/** The way to the outbox for acts that are nothing without a mail. */
import { unavailable } from '../../http/refusal.ts'
import type { Outbox } from '../outbox.ts'

export interface Post {
  /** Refuses with 503 where nobody sends mail. */
  checkOpen(): void
  look(): void
}

export function createPost(outbox: () => Outbox | undefined): Post {
  return {
    checkOpen() {
      if (outbox() === undefined) throw unavailable('No mail can be sent.')
    },
    look() {
      outbox()?.look()
    },
  }
}
