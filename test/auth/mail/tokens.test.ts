import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, it } from 'node:test'
import type { Deliver } from '../../../src/auth/mail/message.ts'
import { DeliveryError } from '../../../src/auth/mail/message.ts'
import { createSendMail } from '../../../src/auth/mail/send-mail.ts'
import { startSender } from '../../../src/auth/mail/sender.ts'
import { keyOf, mintToken } from '../../../src/tokens/token.ts'
import { recordedLog } from '../../kit/log.ts'
import { waitUntil } from '../../kit/processes.ts'
import { hello, newTokens, startTestSender, testPurpose, tokenIn, withToken } from './mail-kit.ts'

const templates = [withToken()]

describe('a mail that brings a token', () => {
  it('brings one that is good, for its subject and purpose and for nothing else', async (t) => {
    const { sender, ask, messages, tokens } = startTestSender(t, { templates })
    const { sub } = ask()

    sender.look()

    await waitUntil(() => messages.length === 1)
    const taken = await tokens.take(keyOf(tokenIn(messages[0]?.text)), testPurpose)
    assert.deepEqual(
      [taken?.sub, taken?.purpose, taken?.name, taken?.scope],
      [sub, testPurpose.name, '', ''],
    )
  })

  it('ends the earlier ones of its subject and purpose, and no others', async (t) => {
    const { sender, ask, messages, tokens } = startTestSender(t, { templates })
    const sub = randomUUID()
    const other = { ...testPurpose, name: 'other' }
    const fields = { sub, name: '', scope: '', mark: undefined }
    const [earlier, ofOther, ofOthers] = [
      mintToken({ ...fields, purpose: testPurpose }),
      mintToken({ ...fields, purpose: other }),
      mintToken({ ...fields, purpose: testPurpose, sub: randomUUID() }),
    ]
    for (const { filed } of [earlier, ofOther, ofOthers]) await tokens.issue(filed)
    ask({ sub })

    sender.look()

    await waitUntil(() => messages.length === 1)
    assert.equal(await tokens.peek(earlier.filed.key, testPurpose), undefined)
    assert.notEqual(await tokens.peek(ofOther.filed.key, other), undefined)
    assert.notEqual(await tokens.peek(ofOthers.filed.key, testPurpose), undefined)
  })

  it('brings a fresh one at each attempt, under a name of its own', async (t) => {
    const seen: { text: string; messageId: string }[] = []
    const deliver: Deliver = async (message) => {
      seen.push(message)
      if (seen.length === 1) throw new DeliveryError('451')
    }
    const { sender, ask, tokens, clock, log } = startTestSender(t, { templates, deliver })
    ask()
    sender.look()
    await waitUntil(() => log.text().includes('451'))

    clock.advance(5_000)

    await waitUntil(() => seen.length === 2)
    const [first, second] = seen.map(({ text }) => keyOf(tokenIn(text)))
    assert.ok(first !== undefined && second !== undefined)
    assert.equal(await tokens.peek(first, testPurpose), undefined)
    assert.notEqual(await tokens.peek(second, testPurpose), undefined)
    assert.notEqual(seen[0]?.messageId, seen[1]?.messageId)
  })

  it('keeps its name from attempt to attempt where it brings none', async (t) => {
    const seen: string[] = []
    const deliver: Deliver = async ({ messageId }) => {
      seen.push(messageId)
      if (seen.length === 1) throw new DeliveryError('451')
    }
    const { sender, ask, clock, log } = startTestSender(t, { templates: [hello()], deliver })
    const request = ask()
    sender.look()
    await waitUntil(() => log.text().includes('451'))

    clock.advance(5_000)
    await waitUntil(() => seen.length === 2)
    await waitUntil(() => log.find('a mail was sent').length === 1)
    clock.advance(1)
    ask(request)
    sender.look()

    await waitUntil(() => seen.length === 3)
    assert.match(seen[0] ?? '', /^<[\w-]{43}\.\d+@example\.com>$/)
    assert.equal(seen[0], seen[1])
    assert.notEqual(seen[0], seen[2])
  })

  it('is one mail with one living token, however many senders, templates and requests there are', async (t) => {
    const all = [withToken(), withToken({ name: 'test/other-token' })]
    const tokens = newTokens()
    const texts: string[] = []
    const deliver: Deliver = async ({ text }) => void texts.push(text)
    const { queue, clock, ask } = startTestSender(t, { templates: all, tokens, deliver })
    const sendMail = createSendMail({ templates: () => all, tokens, deliver, from: 'a@b' })
    const log = recordedLog()
    const senders = Array.from({ length: 16 }, () =>
      startSender({ queue, sendMail, report() {}, log, clock }),
    )
    const sub = randomUUID()
    const asking = async (template: string) => void ask({ sub, template })

    await Promise.all(
      senders.map(async (sender, index) => {
        await asking(index % 2 === 0 ? 'test/token' : 'test/other-token')
        sender.look()
      }),
    )

    await waitUntil(() => log.find('a mail was sent').length === texts.length && texts.length > 0)
    await Promise.all(senders.map((sender) => sender.stop()))
    const judged = await Promise.all(
      texts.map((text) => tokens.peek(keyOf(tokenIn(text)), testPurpose)),
    )
    assert.equal(judged.filter((living) => living !== undefined).length, 1)
  })
})
