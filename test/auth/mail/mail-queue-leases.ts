/** What becomes of a mail whose sender is gone, or comes back too late. */
import assert from 'node:assert/strict'
import { claimOne, longLease, type MailQueueCase, newMail, shortLease } from './mail-queue-kit.ts'

const { leaseMilliseconds } = shortLease

export const mailQueueLeaseCases: readonly MailQueueCase[] = [
  {
    sentence: 'gives a claimed mail to nobody else until the lease is over, and then to the next',
    run: async ({ queue, add, pass }) => {
      await add(newMail())
      const claimed = await claimOne(queue, shortLease)

      const meanwhile = await queue.claim(shortLease)
      await pass(leaseMilliseconds)
      const later = await claimOne(queue, shortLease)

      assert.deepEqual(meanwhile, [])
      assert.deepEqual([later.id, later.attempt], [claimed.id, 2])
    },
  },
  {
    sentence: 'lets nobody finish what somebody else has claimed since',
    run: async ({ queue, add, pass }) => {
      await add(newMail())
      const late = await claimOne(queue, shortLease)
      await pass(leaseMilliseconds)
      const present = await claimOne(queue)

      await queue.finish(late)

      await queue.retry(present, 0)
      assert.equal((await queue.claim(longLease)).length, 1)
    },
  },
  {
    sentence: 'lets nobody give back what somebody else has claimed since',
    run: async ({ queue, add, pass }) => {
      await add(newMail())
      const late = await claimOne(queue, shortLease)
      await pass(leaseMilliseconds)
      await claimOne(queue)

      await queue.retry(late, 0)

      assert.deepEqual(await queue.claim(longLease), [])
    },
  },
  {
    sentence: 'does nothing where what is finished or given back has been finished',
    run: async ({ queue, add }) => {
      await add(newMail())
      const claimed = await claimOne(queue)
      await queue.finish(claimed)

      await queue.finish(claimed)
      await queue.retry(claimed, 0)

      assert.deepEqual(await queue.claim(longLease), [])
    },
  },
]
