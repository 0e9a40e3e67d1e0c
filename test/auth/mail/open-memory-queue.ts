import { memoryMailQueue } from '../../../src/auth/mail/memory.ts'
import { manualClock } from '../../kit/clock.ts'
import type { OpenedQueue } from './mail-queue-kit.ts'

/** With a clock that stands still until the case lets time go by. */
export async function openMemoryQueue(): Promise<OpenedQueue> {
  const clock = manualClock()
  const queue = memoryMailQueue({ now: clock.now, maxMails: 1_000 })
  return {
    queue,
    add: async (mail) => queue.add(mail),
    pass: async (milliseconds) => clock.advance(milliseconds),
  }
}
