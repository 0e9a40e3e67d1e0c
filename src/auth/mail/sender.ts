/**
 * The job that empties the outbox: looks every few seconds and when it is told to, has a few mails under way at once, and
 * gives each a deadline that is shorter than its claim. What fails is tried again later and later, for a day.
 */
import type { Clock } from '../../clock.ts'
import { describeError, type Log } from '../../log.ts'
import type { Report } from '../security-events.ts'
import type { ClaimedMail, MailQueue } from './mail-queue.ts'
import { DeliveryError } from './message.ts'
import type { SendMail } from './send-mail.ts'

const intervalMilliseconds = 5_000
/**
 * All go through one server: where that is slow, more at once would not hurry it. A connection that is stuck holds up one of
 * eight, until its attempt is over.
 */
const maxAtOnce = 8
export const attemptMilliseconds = 30_000
export const leaseMilliseconds = 90_000
const firstDelayMilliseconds = 5_000
const longestDelayMilliseconds = 3_600_000
const givenUpAfterMilliseconds = 24 * 3_600_000

export interface SenderDependencies {
  readonly queue: MailQueue
  readonly sendMail: SendMail
  readonly report: Report
  readonly log: Log
  readonly clock: Clock
}

export interface Sender {
  /** Looks now. Never throws, and nobody waits for it. */
  look(): void
  /** Ends what is under way, which is then tried by somebody else. */
  stop(): Promise<void>
}

export function startSender({ queue, sendMail, report, log, clock }: SenderDependencies): Sender {
  const underWay = new Map<AbortController, Promise<void>>()
  let looking = Promise.resolve()
  let isLooking = false
  let isWanted = false
  let isStopped = false

  /** Who comes while somebody looks makes him look once more. */
  function look(): void {
    isWanted = true
    if (!isLooking) looking = claimAll()
  }

  async function claimAll(): Promise<void> {
    isLooking = true
    try {
      while (isWanted && !isStopped && underWay.size < maxAtOnce) {
        isWanted = false
        const limit = maxAtOnce - underWay.size
        for (const mail of await queue.claim({ limit, leaseMilliseconds })) begin(mail)
      }
    } catch (error) {
      log.error('the outbox cannot be read now', { error: describeError(error) })
    } finally {
      isLooking = false
    }
  }

  function begin(mail: ClaimedMail): void {
    const controller = new AbortController()
    const ended = attempt(mail, controller).finally(() => {
      underWay.delete(controller)
      look()
    })
    underWay.set(controller, ended)
  }

  async function attempt(mail: ClaimedMail, controller: AbortController): Promise<void> {
    try {
      try {
        await sendInTime(mail, controller)
      } catch (failure) {
        return await settle(mail, failure)
      }
      await queue.finish(mail)
    } catch (error) {
      const fields = { ...fieldsOf(mail), error: describeError(error) }
      log.error('the outbox cannot be written now: a mail may be sent again', fields)
    }
  }

  async function sendInTime(mail: ClaimedMail, controller: AbortController): Promise<void> {
    const { signal } = controller
    const cancel = clock.after(attemptMilliseconds, () => controller.abort(tooSlow()))
    try {
      const isSent = await unlessAborted(signal, sendMail(mail, signal))
      if (isSent) log.info('a mail was sent', fieldsOf(mail))
    } finally {
      cancel()
    }
  }

  async function settle(mail: ClaimedMail, failure: unknown): Promise<void> {
    const reason = describeFailure(failure)
    const isPermanent = failure instanceof DeliveryError && failure.isPermanent
    if (isPermanent || mail.claimedAt - mail.addedAt >= givenUpAfterMilliseconds) {
      log.error('a mail was given up', { ...fieldsOf(mail), reason })
      const { sub, template, attempt } = mail
      const details = { template, attempts: attempt }
      report({ type: 'mail_given_up', requestId: 'none', source: 'unknown', sub, details })
      return await queue.finish(mail)
    }
    const delay = delayAfter(mail.attempt)
    const fields = { ...fieldsOf(mail), reason, next_attempt_in: delay / 1000 }
    log.warn('a mail could not be sent, and will be tried again', fields)
    await queue.retry(mail, delay)
  }

  const stopLooking = clock.every(intervalMilliseconds, look)
  return {
    look,
    async stop() {
      isStopped = true
      stopLooking()
      await looking
      for (const controller of underWay.keys()) controller.abort(new DeliveryError('auth stops'))
      await Promise.all(underWay.values())
    },
  }
}

function tooSlow(): DeliveryError {
  return new DeliveryError(`not done within ${attemptMilliseconds} ms`)
}

/** Doubles from attempt to attempt. */
function delayAfter(attempt: number): number {
  return Math.min(firstDelayMilliseconds * 2 ** (attempt - 1), longestDelayMilliseconds)
}

async function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error))
  })
  return await Promise.race([aborted, work])
}

function fieldsOf({ template, sub, attempt }: ClaimedMail) {
  return { template, sub, attempt }
}

/** What was thrown may repeat an address. */
function describeFailure(failure: unknown): string {
  if (failure instanceof DeliveryError) return failure.message
  return describeError(failure).replace(/[^\s<>()"'/]+@[^\s<>()"'/]+/g, '…@…')
}
