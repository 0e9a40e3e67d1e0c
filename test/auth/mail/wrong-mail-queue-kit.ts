/** How an outbox gets a flaw. */
import type { MailQueue } from '../../../src/auth/mail/mail-queue.ts'
import type { Flaw } from '../../storage/wrong-store.ts'
import type { OpenedQueue } from './mail-queue-kit.ts'
import { openMemoryQueue } from './open-memory-queue.ts'

export type Spoiled = Partial<MailQueue> & { readonly add?: OpenedQueue['add'] }

export function flaw(
  what: string,
  isCaughtBy: string,
  spoil: (right: OpenedQueue) => Spoiled,
): Flaw<OpenedQueue> {
  const open = async () => {
    const right = await openMemoryQueue()
    const { add = right.add, ...queue } = spoil(right)
    return { ...right, add, queue: { ...right.queue, ...queue } }
  }
  return { what, isCaughtBy, open }
}
