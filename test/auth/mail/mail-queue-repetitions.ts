/** What becomes of a mail that is asked for again. */
import assert from 'node:assert/strict'
import { claimOne, longLease, type MailQueueCase, newMail } from './mail-queue-kit.ts'

export const mailQueueRepetitionCases: readonly MailQueueCase[] = [
  {
    sentence: 'makes one mail of two requests with one id, with the template of the second',
    run: async ({ queue, add }) => {
      const mail = newMail()
      await add(mail)
      await add({ ...mail, template: 'test/other' })

      const claimed = await queue.claim(longLease)

      assert.deepEqual(
        claimed.map(({ id, template }) => [id, template]),
        [[mail.id, 'test/other']],
      )
    },
  },
  {
    sentence:
      'makes a mail that waits for its next attempt due where it is asked for again, as if it were new',
    run: async ({ queue, add, pass }) => {
      const mail = newMail()
      await add(mail)
      const first = await claimOne(queue)
      await queue.retry(first, 600_000)
      await pass(20)

      await add(mail)

      const again = await claimOne(queue)
      assert.equal(again.attempt, 1)
      assert.ok(again.addedAt - first.addedAt >= 20)
    },
  },
  {
    sentence: 'gives a claimed mail to nobody else where it is asked for again',
    run: async ({ queue, add }) => {
      const mail = newMail()
      await add(mail)
      await claimOne(queue)

      await add(mail)

      assert.deepEqual(await queue.claim(longLease), [])
    },
  },
  {
    sentence: 'makes a mail that was asked for again due when it is finished, once',
    run: async ({ queue, add }) => {
      const mail = newMail()
      await add(mail)
      const claimed = await claimOne(queue)
      await add(mail)

      await queue.finish(claimed)

      const again = await claimOne(queue)
      assert.equal(again.id, mail.id)
      await queue.finish(again)
      assert.deepEqual(await queue.claim(longLease), [])
    },
  },
  {
    sentence:
      'makes a mail that was asked for again due when it is to be tried again, without the delay',
    run: async ({ queue, add }) => {
      const mail = newMail()
      await add(mail)
      const claimed = await claimOne(queue)
      await add(mail)

      await queue.retry(claimed, 600_000)

      assert.equal((await claimOne(queue)).id, mail.id)
    },
  },
]
