/** The contract of `MailQueue`. An adapter's own test file is one call, and what only that adapter has. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { describeCases } from '../../storage/contract.ts'
import {
  claimOne,
  idsOf,
  longLease,
  type MailQueueCase,
  newMail,
  type OpenedQueue,
  shortLease,
} from './mail-queue-kit.ts'
import { mailQueueLeaseCases } from './mail-queue-leases.ts'
import { mailQueueRaceCases } from './mail-queue-races.ts'
import { mailQueueRepetitionCases } from './mail-queue-repetitions.ts'

const claims: readonly MailQueueCase[] = [
  {
    sentence: 'has nothing to claim where nothing was asked for',
    run: async ({ queue }) => assert.deepEqual(await queue.claim(longLease), []),
  },
  {
    sentence: 'gives a mail whole, with when it was asked for and how often it was tried',
    run: async ({ queue, add, pass }) => {
      const mail = newMail()
      await add(mail)
      await pass(20)

      const claimed = await claimOne(queue)

      const { addedAt, claimedAt, attempt, lease, ...rest } = claimed
      assert.deepEqual(rest, mail)
      assert.equal(attempt, 1)
      assert.match(lease, /./)
      assert.ok(claimedAt - addedAt >= 20 && claimedAt - addedAt < 60_000)
    },
  },
  {
    sentence: 'gives no more than were asked for, and those first that are due longest',
    run: async ({ queue, add, pass }) => {
      const mails = [newMail(), newMail(), newMail()]
      for (const mail of mails) {
        await add(mail)
        await pass(10)
      }

      const first = await queue.claim({ ...longLease, limit: 2 })
      const second = await queue.claim({ ...longLease, limit: 2 })

      assert.deepEqual(idsOf(first).sort(), idsOf(mails.slice(0, 2)).sort())
      assert.deepEqual(idsOf(second), idsOf(mails.slice(2)))
    },
  },
  {
    sentence: 'keeps apart what is asked for at the same time',
    run: async ({ queue, add }) => {
      const mails = Array.from({ length: 16 }, () => newMail())

      await Promise.all(mails.map(add))

      assert.deepEqual(idsOf(await queue.claim(longLease)).sort(), idsOf(mails).sort())
    },
  },
]

const ends: readonly MailQueueCase[] = [
  {
    sentence: 'forgets a mail that is finished',
    run: async ({ queue, add, pass }) => {
      await add(newMail())
      const claimed = await claimOne(queue, shortLease)

      await queue.finish(claimed)

      await pass(shortLease.leaseMilliseconds)
      assert.deepEqual(await queue.claim(longLease), [])
    },
  },
  {
    sentence: 'finishes one mail and leaves the others',
    run: async ({ queue, add, pass }) => {
      await add(newMail())
      await add(newMail())
      const [one, other] = await queue.claim(shortLease)
      assert.ok(one !== undefined && other !== undefined)

      await queue.finish(one)

      await pass(shortLease.leaseMilliseconds)
      assert.deepEqual(idsOf(await queue.claim(longLease)), [other.id])
    },
  },
  {
    sentence:
      'gives a mail that is to be tried again after the delay, not before, and counts the attempt',
    run: async ({ queue, add, pass }) => {
      await add(newMail())
      const claimed = await claimOne(queue)

      await queue.retry(claimed, 1_000)

      assert.deepEqual(await queue.claim(longLease), [])
      await pass(1_000)
      const again = await claimOne(queue)
      const { id, addedAt } = claimed
      assert.deepEqual([again.id, again.addedAt, again.attempt], [id, addedAt, 2])
      assert.notEqual(again.lease, claimed.lease)
    },
  },
  {
    sentence: 'keeps a mail that is to be tried again after longer than its lease',
    run: async ({ queue, add, pass }) => {
      await add(newMail())
      await queue.retry(await claimOne(queue, shortLease), 600_000)

      await pass(shortLease.leaseMilliseconds)

      assert.deepEqual(await queue.claim(longLease), [])
    },
  },
]

export const mailQueueCases: readonly MailQueueCase[] = [
  ...claims,
  ...ends,
  ...mailQueueRepetitionCases,
  ...mailQueueLeaseCases,
  ...mailQueueRaceCases,
]

export function mailQueueContract(
  name: string,
  open: (t: TestContext) => Promise<OpenedQueue>,
): void {
  describeCases(name, mailQueueCases, open)
}
