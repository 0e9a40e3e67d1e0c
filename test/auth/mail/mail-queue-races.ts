/** What only shows when several senders come at once. */
import assert from 'node:assert/strict'
import { claimOne, idsOf, longLease, type MailQueueCase, newMail } from './mail-queue-kit.ts'

const callers = Array.from({ length: 16 }, (_, index) => index)

export const mailQueueRaceCases: readonly MailQueueCase[] = [
  {
    sentence: 'gives a mail to exactly one of 16 simultaneous senders, 50 times',
    run: async ({ queue, add }) => {
      for (let round = 0; round < 50; round++) {
        await add(newMail())

        const claims = await Promise.all(callers.map(() => queue.claim(longLease)))

        assert.equal(claims.flat().length, 1, `round ${round}`)
      }
    },
  },
  {
    sentence: 'gives each of many mails to exactly one of 16 simultaneous senders',
    run: async ({ queue, add }) => {
      const mails = Array.from({ length: 64 }, () => newMail())
      for (const mail of mails) await add(mail)

      const claims = await Promise.all(callers.map(() => queue.claim({ ...longLease, limit: 8 })))

      const rest = await queue.claim(longLease)
      assert.deepEqual(idsOf([...claims.flat(), ...rest]).sort(), idsOf(mails).sort())
    },
  },
  {
    sentence: 'loses no request that comes while the mail before it is finished, 50 times',
    run: async ({ queue, add, pass }) => {
      for (let round = 0; round < 50; round++) {
        const mail = newMail()
        await add(mail)
        const claimed = await claimOne(queue, { limit: 1, leaseMilliseconds: 20 })

        await Promise.all([queue.finish(claimed), add(mail)])

        await pass(20)
        assert.deepEqual(idsOf(await queue.claim(longLease)), [mail.id], `round ${round}`)
      }
    },
  },
]
