/** The outbox in the memory of one process: for the demo and for tests. A restart forgets what was not sent. */
import { randomUUID } from 'node:crypto'
import { unavailable } from '../../http/refusal.ts'
import type { MailQueue, WaitingMail } from './mail-queue.ts'

export interface MemoryMailQueue extends MailQueue {
  /** Refuses with `temporarily_unavailable` where it is full: no mail is dropped for another. */
  add(mail: WaitingMail): void
}

export interface MemoryMailQueueOptions {
  readonly now: () => number
  readonly maxMails: number
}

interface Row extends WaitingMail {
  readonly addedAt: number
  readonly nextAttemptAt: number
  readonly attempts: number
  /** Of the claim that it is under, or was when that was not ended. */
  readonly lease: string | undefined
  readonly isAskedAgain: boolean
}

export function memoryMailQueue({ now, maxMails }: MemoryMailQueueOptions): MemoryMailQueue {
  const rows = new Map<string, Row>()

  function release(row: Row, delayMilliseconds: number): void {
    const nextAttemptAt = now() + (row.isAskedAgain ? 0 : delayMilliseconds)
    rows.set(row.id, { ...row, lease: undefined, isAskedAgain: false, nextAttemptAt })
  }

  function find({ id, lease }: { readonly id: string; readonly lease: string }): Row | undefined {
    const row = rows.get(id)
    return row?.lease === lease ? row : undefined
  }

  return {
    add({ id, template, sub }) {
      const row = rows.get(id)
      if (row === undefined && rows.size >= maxMails) throw unavailable('The outbox is full.')
      const at = now()
      const isClaimed = row?.lease !== undefined
      rows.set(id, {
        id,
        template,
        sub,
        addedAt: at,
        nextAttemptAt: isClaimed ? row.nextAttemptAt : at,
        attempts: 0,
        lease: row?.lease,
        isAskedAgain: isClaimed,
      })
    },
    async claim({ limit, leaseMilliseconds }) {
      const at = now()
      const lease = randomUUID()
      return [...rows.values()]
        .filter(({ nextAttemptAt }) => nextAttemptAt <= at)
        .sort((one, other) => one.nextAttemptAt - other.nextAttemptAt)
        .slice(0, limit)
        .map((row) => {
          const attempts = row.attempts + 1
          const nextAttemptAt = at + leaseMilliseconds
          rows.set(row.id, { ...row, attempts, lease, nextAttemptAt, isAskedAgain: false })
          const { id, template, sub, addedAt } = row
          return { id, template, sub, addedAt, claimedAt: at, attempt: attempts, lease }
        })
    },
    async finish(mail) {
      const row = find(mail)
      if (row?.isAskedAgain === true) release(row, 0)
      else if (row !== undefined) rows.delete(row.id)
    },
    async retry(mail, delayMilliseconds) {
      const row = find(mail)
      if (row !== undefined) release(row, delayMilliseconds)
    },
  }
}
