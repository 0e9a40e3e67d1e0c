import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Deliver } from '../../../src/auth/mail/message.ts'
import { attemptMilliseconds, leaseMilliseconds } from '../../../src/auth/mail/sender.ts'
import { createGate } from '../../kit/gate.ts'
import { waitUntil } from '../../kit/processes.ts'
import { startTestSender } from './mail-kit.ts'
import { longLease } from './mail-queue-kit.ts'

const hour = 3_600_000
const notSent = 'a mail could not be sent, and will be tried again'

/** Never answers, and keeps the signals that it got. */
function hanging() {
  const signals: AbortSignal[] = []
  const deliver: Deliver = (_, signal) => {
    signals.push(signal)
    return new Promise(() => {})
  }
  return { signals, deliver }
}

describe('the sender', () => {
  it('sends what waits when it is told to look', async (t) => {
    const { sender, ask, messages, queue, clock } = startTestSender(t)
    ask()

    sender.look()

    await waitUntil(() => messages.length === 1)
    clock.advance(leaseMilliseconds)
    assert.deepEqual(await queue.claim(longLease), [])
    assert.equal(messages.length, 1)
  })

  it('looks by itself every five seconds', async (t) => {
    const { ask, messages, clock } = startTestSender(t)
    ask()

    clock.advance(4_999)
    const before = messages.length
    clock.advance(1)

    await waitUntil(() => messages.length === 1)
    assert.equal(before, 0)
  })

  it('sends more than it has under way at once, however many wait', async (t) => {
    const { sender, ask, messages } = startTestSender(t)
    for (let count = 0; count < 50; count++) ask()

    sender.look()

    await waitUntil(() => messages.length === 50)
  })

  it('has eight mails under way at once and no more', async (t) => {
    const { signals, deliver } = hanging()
    const { sender, ask, queue } = startTestSender(t, { deliver })
    for (let count = 0; count < 20; count++) ask()

    sender.look()

    await waitUntil(() => signals.length === 8)
    sender.look()
    assert.equal((await queue.claim(longLease)).length, 12)
    assert.equal(signals.length, 8)
  })

  it('sends what comes while others hang', async (t) => {
    const gate = createGate()
    const arrived: string[] = []
    const deliver: Deliver = async ({ messageId }) => {
      arrived.push(messageId)
      if (arrived.length === 1) await gate.opened
    }
    const { sender, ask } = startTestSender(t, { deliver })
    ask()
    sender.look()
    await waitUntil(() => arrived.length === 1)

    ask()
    sender.look()

    await waitUntil(() => arrived.length === 2)
    gate.open()
  })

  it('waits for no mail longer than its deadline, which ends before its lease', async (t) => {
    const { signals, deliver } = hanging()
    const { sender, ask, log, clock } = startTestSender(t, { deliver })
    ask()
    sender.look()
    await waitUntil(() => signals.length === 1)

    clock.advance(attemptMilliseconds)

    await waitUntil(() => log.find(notSent).length === 1)
    assert.equal(signals[0]?.aborted, true)
    assert.match(String(log.find(notSent)[0]?.reason), /not done within 30000 ms/)
    assert.ok(attemptMilliseconds < leaseMilliseconds)
  })

  it('sends what a sender had that is gone, once its lease is over', async (t) => {
    const { ask, messages, clock, queue } = startTestSender(t)
    ask()
    await queue.claim({ limit: 1, leaseMilliseconds })

    clock.advance(leaseMilliseconds - 1)
    const before = messages.length
    clock.advance(5_000)

    await waitUntil(() => messages.length === 1)
    assert.equal(before, 0)
  })

  it('sends again what was asked for while it was being sent', async (t) => {
    const gate = createGate()
    let sent = 0
    const deliver: Deliver = async () => {
      sent += 1
      await gate.opened
    }
    const { sender, ask } = startTestSender(t, { deliver })
    const request = ask()
    sender.look()
    await waitUntil(() => sent === 1)

    ask(request)
    gate.open()

    await waitUntil(() => sent === 2)
  })

  it('ends what is under way when it stops, and begins nothing more', async (t) => {
    const { signals, deliver } = hanging()
    const { sender, ask, clock, queue } = startTestSender(t, { deliver })
    ask()
    sender.look()
    await waitUntil(() => signals.length === 1)

    await sender.stop()

    assert.equal(signals[0]?.aborted, true)
    clock.advance(hour)
    sender.look()
    assert.equal((await queue.claim(longLease)).length, 1)
    assert.equal(signals.length, 1)
  })
})
