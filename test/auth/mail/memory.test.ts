import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { memoryMailQueue } from '../../../src/auth/mail/memory.ts'
import { manualClock } from '../../kit/clock.ts'
import { assertUnavailable } from '../../storage/contract.ts'
import { mailQueueContract } from './mail-queue-contract.ts'
import { claimOne, idsOf, longLease, newMail } from './mail-queue-kit.ts'
import { openMemoryQueue } from './open-memory-queue.ts'

mailQueueContract('the outbox in memory', openMemoryQueue)

describe('the outbox in memory', () => {
  it('refuses a mail where it is full, and keeps those that it has', async () => {
    const queue = memoryMailQueue({ now: () => 1, maxMails: 2 })
    const mails = [newMail(), newMail()]
    for (const mail of mails) queue.add(mail)

    await assertUnavailable((async () => queue.add(newMail()))())

    assert.deepEqual(idsOf(await queue.claim(longLease)), idsOf(mails))
  })

  it('takes a request for a mail that it has, also where it is full', async () => {
    const queue = memoryMailQueue({ now: () => 1, maxMails: 1 })
    const mail = newMail()
    queue.add(mail)

    queue.add({ ...mail, template: 'test/other' })

    assert.equal((await claimOne(queue)).template, 'test/other')
  })

  it('gives a mail at the very instant at which its lease ends, and not before', async () => {
    const clock = manualClock()
    const queue = memoryMailQueue({ now: clock.now, maxMails: 1 })
    queue.add(newMail())
    await queue.claim({ limit: 1, leaseMilliseconds: 100 })

    clock.advance(99)
    const before = await queue.claim(longLease)
    clock.advance(1)
    const then = await queue.claim(longLease)

    assert.deepEqual([before.length, then.length], [0, 1])
  })
})
