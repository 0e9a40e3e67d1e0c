/** Outboxes with one flaw each. */
import type { ClaimedMail, MailQueue } from '../../../src/auth/mail/mail-queue.ts'
import { longLease } from './mail-queue-kit.ts'
import { flaw, type Spoiled } from './wrong-mail-queue-kit.ts'
import { wrongMailRepetitions } from './wrong-mail-repetitions.ts'

const noLease = { leaseMilliseconds: 0 }
const forEver = { leaseMilliseconds: Number.MAX_SAFE_INTEGER / 4 }

const claims = [
  flaw(
    'claims without a lease',
    'gives a claimed mail to nobody else until the lease is over, and then to the next',
    ({ queue }) => ({ claim: (options) => queue.claim({ ...options, ...noLease }) }),
  ),
  flaw(
    'claims for ever',
    'gives a claimed mail to nobody else until the lease is over, and then to the next',
    ({ queue }) => ({ claim: (options) => queue.claim({ ...options, ...forEver }) }),
  ),
  flaw(
    'looks first what is due and claims it after',
    'gives a mail to exactly one of 16 simultaneous senders, 50 times',
    ({ queue }) => {
      let claimed = new Set<string>()
      return {
        claim: async (options) => {
          const seen = claimed
          const due = await queue.claim({ ...options, ...noLease })
          await new Promise(setImmediate)
          claimed = new Set([...claimed, ...due.map(({ id }) => id)])
          return due.filter(({ id }) => !seen.has(id))
        },
      }
    },
  ),
  flaw(
    'claims more than it was asked for',
    'gives no more than were asked for, and those first that are due longest',
    ({ queue }) => ({ claim: (options) => queue.claim({ ...options, limit: 1_000 }) }),
  ),
  flaw(
    'claims the newest first',
    'gives no more than were asked for, and those first that are due longest',
    ({ queue }) => ({
      claim: async (options) => {
        const all = await queue.claim({ ...options, limit: 1_000 })
        const back = all.slice(0, -options.limit)
        for (const mail of back) await queue.retry(mail, 0)
        return all.slice(-options.limit)
      },
    }),
  ),
  flaw(
    'claims one mail of those that are due and loses the others',
    'keeps apart what is asked for at the same time',
    ({ queue }) => ({ claim: async (options) => (await queue.claim(options)).slice(0, 1) }),
  ),
  flaw(
    'does not count attempts',
    'gives a mail that is to be tried again after the delay, not before, and counts the attempt',
    ({ queue }) => ({
      claim: async (options) =>
        (await queue.claim(options)).map((mail) => ({ ...mail, attempt: 1 })),
    }),
  ),
]

const ends = [
  flaw(
    'loses a mail that is to be tried again',
    'gives a mail that is to be tried again after the delay, not before, and counts the attempt',
    ({ queue }) => ({ retry: (mail) => queue.finish(mail) }),
  ),
  flaw(
    'tries again at once',
    'gives a mail that is to be tried again after the delay, not before, and counts the attempt',
    ({ queue }) => ({ retry: (mail) => queue.retry(mail, 0) }),
  ),
  flaw(
    'tries again when the lease is over',
    'keeps a mail that is to be tried again after longer than its lease',
    () => ({ retry: async () => {} }),
  ),
  flaw('does not forget what is finished', 'forgets a mail that is finished', () => ({
    finish: async () => {},
  })),
  flaw(
    'finishes all mails with one',
    'finishes one mail and leaves the others',
    ({ queue, pass }) => ({
      finish: async () => {
        await pass(longLease.leaseMilliseconds)
        for (const mail of await queue.claim(longLease)) await queue.finish(mail)
      },
    }),
  ),
  flaw(
    'lets anybody finish a mail',
    'lets nobody finish what somebody else has claimed since',
    ({ queue }) => withLatestLease(queue, 'finish'),
  ),
  flaw(
    'lets anybody give a mail back',
    'lets nobody give back what somebody else has claimed since',
    ({ queue }) => withLatestLease(queue, 'retry'),
  ),
]

/** Does what is asked under whichever lease there is. */
function withLatestLease(queue: MailQueue, method: 'finish' | 'retry'): Spoiled {
  const latest = new Map<string, ClaimedMail>()
  return {
    claim: async (options) => {
      const mails = await queue.claim(options)
      for (const mail of mails) latest.set(mail.id, mail)
      return mails
    },
    [method]: (mail: ClaimedMail, delay = 0) => queue[method](latest.get(mail.id) ?? mail, delay),
  }
}

export const wrongMailQueues = [...claims, ...ends, ...wrongMailRepetitions]
