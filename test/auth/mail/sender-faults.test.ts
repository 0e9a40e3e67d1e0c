/** What else can fail: the outbox itself, the template, the store of the tokens. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { MailQueue } from '../../../src/auth/mail/mail-queue.ts'
import { startSender } from '../../../src/auth/mail/sender.ts'
import { unavailable } from '../../../src/http/refusal.ts'
import { manualClock } from '../../kit/clock.ts'
import { recordedLog } from '../../kit/log.ts'
import { waitUntil } from '../../kit/processes.ts'
import { address, hello, newTokens, startTestSender, withToken } from './mail-kit.ts'
import { longLease } from './mail-queue-kit.ts'

const notSent = 'a mail could not be sent, and will be tried again'
const fault = async () => {
  throw unavailable('The store is away.')
}

describe('the sender', () => {
  it('sends nothing where there is no address, and forgets it without a word', async (t) => {
    const templates = [hello({ addressOf: async () => undefined })]
    const { sender, ask, messages, queue, log, clock } = startTestSender(t, { templates })
    ask()

    sender.look()

    await new Promise(setImmediate)
    await sender.stop()
    clock.advance(24 * 3_600_000)
    assert.deepEqual(await queue.claim(longLease), [])
    assert.deepEqual([messages, log.text()], [[], ''])
  })

  it('tries again where a template fails, and tells the log without the address', async (t) => {
    let isBroken = true
    const write = () => {
      if (isBroken) throw new Error(`nothing to say to ${address}`)
      return { subject: 'Hello', text: 'Good day.' }
    }
    const { sender, ask, messages, log, clock } = startTestSender(t, {
      templates: [hello({ write })],
    })
    ask()
    sender.look()
    await waitUntil(() => log.find(notSent).length === 1)

    isBroken = false
    clock.advance(5_000)

    await waitUntil(() => messages.length === 1)
    assert.match(log.text(), /nothing to say to …@…/)
    assert.equal(log.text().includes(address), false)
  })

  it('tries again where the address cannot be looked up', async (t) => {
    const { sender, ask, log } = startTestSender(t, { templates: [hello({ addressOf: fault })] })
    ask()

    sender.look()

    await waitUntil(() => log.find(notSent).length === 1)
    assert.match(log.text(), /The store is away/)
  })

  it('sends no mail where no token can be issued', async (t) => {
    const tokens = { ...newTokens(), issue: fault }
    const { sender, ask, log, messages } = startTestSender(t, { templates: [withToken()], tokens })
    ask()

    sender.look()

    await waitUntil(() => log.find(notSent).length === 1)
    assert.deepEqual(messages, [])
  })

  it('sends no mail where its token was ended as it was issued', async (t) => {
    const tokens = { ...newTokens(), issue: async () => undefined }
    const { sender, ask, log, messages } = startTestSender(t, { templates: [withToken()], tokens })
    ask()

    sender.look()

    await waitUntil(() => log.find(notSent).length === 1)
    assert.match(log.text(), /the token was ended as it was issued/)
    assert.deepEqual(messages, [])
  })

  it('tries a mail again whose template nobody brings, until somebody does', async (t) => {
    const templates = [hello()]
    const { sender, ask, messages, log, clock } = startTestSender(t, { templates })
    ask()
    const [template] = templates.splice(0)
    sender.look()
    await waitUntil(() => log.find(notSent).length === 1)

    if (template !== undefined) templates.push(template)
    clock.advance(5_000)

    await waitUntil(() => messages.length === 1)
    assert.match(log.text(), /there is no such template/)
  })

  it('gives up a mail whose template nobody brings for a day', async (t) => {
    const templates = [hello()]
    const { sender, ask, events, log, clock } = startTestSender(t, { templates })
    ask()
    templates.pop()
    sender.look()
    await waitUntil(() => log.find(notSent).length === 1)

    clock.advance(24 * 3_600_000)

    await waitUntil(() => events.length === 1)
    assert.equal(log.find('a mail was given up').length, 1)
  })

  it('goes on where the outbox could not be read', async () => {
    const { log, clock, queue } = brokenQueue()
    let claims = 0
    const claim: MailQueue['claim'] = async () => {
      claims += 1
      throw unavailable('The store is away.')
    }
    const sendMail = async () => true
    const sender = startSender({ queue: { ...queue, claim }, sendMail, report() {}, log, clock })

    clock.advance(5_000)
    await waitUntil(() => log.find('the outbox cannot be read now').length === 1)
    clock.advance(5_000)

    await waitUntil(() => claims === 2)
    await sender.stop()
  })

  it('leaves a mail that was sent to its lease where the outbox could not be written', async () => {
    const { log, clock, queue } = brokenQueue()
    const sendMail = async () => true
    const sender = startSender({ queue, sendMail, report() {}, log, clock })

    sender.look()

    const message = 'the outbox cannot be written now: a mail may be sent again'
    await waitUntil(() => log.find(message).length === 1)
    assert.equal(log.find(notSent).length, 0)
    await sender.stop()
  })
})

/** Gives one mail, and can do nothing else. */
function brokenQueue() {
  const mail = {
    id: 'id',
    template: 'test/hello',
    sub: 'sub',
    addedAt: 1,
    claimedAt: 1,
    attempt: 1,
  }
  const mails = [{ ...mail, lease: 'lease' }]
  const claim: MailQueue['claim'] = async () => mails.splice(0)
  const queue: MailQueue = { claim, finish: fault, retry: fault }
  return { log: recordedLog(), clock: manualClock(), queue }
}
