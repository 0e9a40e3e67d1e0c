import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { waitUntil } from '../../kit/processes.ts'
import { hello, startTestSender, testPurpose, withToken } from './mail-kit.ts'

describe('a mail whose headers would be several', () => {
  it('is given up for its address, before an earlier token is ended, and reaches nobody', async (t) => {
    const address = 'ada@example.com\r\nBcc: eve@example.com'
    const templates = [withToken({ addressOf: async () => address })]
    const { sender, ask, events, messages, log, tokens } = startTestSender(t, { templates })
    const { sub } = ask()

    sender.look()

    await waitUntil(() => events.length === 1)
    const marks = await tokens.marks(sub, [testPurpose])
    assert.deepEqual([messages, marks.size], [[], 0])
    assert.doesNotMatch(log.text(), /example\.com/)
  })

  it('is given up for its subject, and reaches nobody', async (t) => {
    const write = () => ({ subject: 'Hello\r\nBcc: eve@example.com', text: '' })
    const { sender, ask, events, messages, log } = startTestSender(t, {
      templates: [hello({ write })],
    })
    ask()

    sender.look()

    await waitUntil(() => events.length === 1)
    assert.deepEqual(messages, [])
    assert.doesNotMatch(log.text(), /example\.com/)
  })
})
