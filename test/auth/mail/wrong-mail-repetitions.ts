/** Outboxes that are wrong about mails that are asked for again. */
import type { ClaimedMail, WaitingMail } from '../../../src/auth/mail/mail-queue.ts'
import { longLease } from './mail-queue-kit.ts'
import { flaw } from './wrong-mail-queue-kit.ts'

export const wrongMailRepetitions = [
  flaw(
    'keeps each request for itself',
    'makes one mail of two requests with one id, with the template of the second',
    ({ add }) => {
      let count = 0
      return { add: (mail) => add({ ...mail, id: `${mail.id} ${count++}` }) }
    },
  ),
  flaw(
    'ignores a request for what it has',
    'makes a mail that waits for its next attempt due where it is asked for again, as if it were new',
    ({ add }) => {
      const known = new Set<string>()
      return {
        add: async (mail) => {
          if (known.has(mail.id)) return
          known.add(mail.id)
          await add(mail)
        },
      }
    },
  ),
  flaw(
    'gives what is asked for again to the next, though it is claimed',
    'gives a claimed mail to nobody else where it is asked for again',
    ({ queue, add }) => {
      const claimed = new Map<string, ClaimedMail>()
      return {
        claim: async (options) => {
          const mails = await queue.claim(options)
          for (const mail of mails) claimed.set(mail.id, mail)
          return mails
        },
        add: async (mail: WaitingMail) => {
          await add(mail)
          const before = claimed.get(mail.id)
          if (before !== undefined) await queue.retry(before, 0)
        },
      }
    },
  ),
  flaw(
    'finishes also what was asked for again',
    'makes a mail that was asked for again due when it is finished, once',
    ({ queue }) => ({
      finish: async (mail) => {
        await queue.finish(mail)
        const [again] = await queue.claim(longLease)
        if (again !== undefined) await queue.finish(again)
      },
    }),
  ),
  flaw(
    'delays also what was asked for again',
    'makes a mail that was asked for again due when it is to be tried again, without the delay',
    ({ queue }) => ({
      retry: async (mail, delay) => {
        await queue.retry(mail, delay)
        const [again] = await queue.claim(longLease)
        if (again !== undefined) await queue.retry(again, delay)
      },
    }),
  ),
  flaw(
    'looks first whether a mail was asked for again and finishes it after',
    'loses no request that comes while the mail before it is finished, 50 times',
    ({ queue, add, pass }) => {
      const asked = new Set<string>()
      return {
        add: async (mail) => {
          asked.add(mail.id)
          await add(mail)
        },
        claim: async (options) => {
          const mails = await queue.claim(options)
          for (const { id } of mails) asked.delete(id)
          return mails
        },
        finish: async (mail) => {
          if (asked.has(mail.id)) return await queue.retry(mail, 0)
          await new Promise(setImmediate)
          await queue.finish(mail)
          await pass(1)
          for (const again of await queue.claim(longLease)) await queue.finish(again)
        },
      }
    },
  ),
]
