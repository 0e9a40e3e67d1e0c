import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Deliver, DeliveryError } from '../../../src/auth/mail/message.ts'
import { waitUntil } from '../../kit/processes.ts'
import { startTestSender } from './mail-kit.ts'
import { longLease } from './mail-queue-kit.ts'

const hour = 3_600_000
const notSent = 'a mail could not be sent, and will be tried again'

const refuse: Deliver = async () => {
  throw new DeliveryError('451 for now')
}

describe('a mail that cannot be sent', () => {
  it('is tried again later and later, at last every hour', async (t) => {
    const { sender, ask, log, clock } = startTestSender(t, { deliver: refuse })
    const { sub } = ask()

    sender.look()
    for (let attempt = 1; attempt <= 13; attempt++) {
      await waitUntil(() => log.find(notSent).length === attempt)
      clock.advance(Number(log.find(notSent).at(-1)?.next_attempt_in) * 1_000)
    }

    const lines = log.find(notSent)
    const delays = lines.map((line) => line.next_attempt_in).slice(0, 13)
    const doubled = [5, 10, 20, 40, 80, 160, 320, 640, 1_280, 2_560, 3_600, 3_600, 3_600]
    assert.deepEqual(delays, doubled)
    const [first] = lines
    assert.deepEqual(
      [first?.template, first?.sub, first?.attempt, first?.reason],
      ['test/hello', sub, 1, '451 for now'],
    )
  })

  it('is given up after a day, which is said', async (t) => {
    const { sender, ask, log, clock, events, queue } = startTestSender(t, { deliver: refuse })
    const { sub } = ask()
    sender.look()
    await waitUntil(() => log.find(notSent).length === 1)

    clock.advance(24 * hour)

    await waitUntil(() => log.find('a mail was given up').length === 1)
    assert.deepEqual(events, [
      {
        type: 'mail_given_up',
        requestId: 'none',
        source: 'unknown',
        sub,
        details: { template: 'test/hello', attempts: 2 },
      },
    ])
    clock.advance(hour)
    assert.deepEqual(await queue.claim(longLease), [])
  })

  it('is still tried a moment before', async (t) => {
    const { sender, ask, log, clock, events } = startTestSender(t, { deliver: refuse })
    ask()
    sender.look()
    await waitUntil(() => log.find(notSent).length === 1)

    clock.advance(24 * hour - 5_000)

    await waitUntil(() => log.find(notSent).length === 2)
    assert.deepEqual(events, [])
  })

  it('is given up at once where it was refused for good', async (t) => {
    const deliver: Deliver = async () => {
      throw new DeliveryError('550', { isPermanent: true })
    }
    const { sender, ask, log, events } = startTestSender(t, { deliver })
    ask()

    sender.look()

    await waitUntil(() => events.length === 1)
    assert.deepEqual(
      log.find('a mail was given up').map(({ reason }) => reason),
      ['550'],
    )
    assert.deepEqual(log.find(notSent), [])
  })
})
