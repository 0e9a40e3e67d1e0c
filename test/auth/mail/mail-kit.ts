/** Templates, recipients and a sender that tests can look into. */
import { randomUUID } from 'node:crypto'
import type { TestContext } from 'node:test'
import { memoryMailQueue } from '../../../src/auth/mail/memory.ts'
import type { Deliver, Message } from '../../../src/auth/mail/message.ts'
import { createSendMail } from '../../../src/auth/mail/send-mail.ts'
import { startSender } from '../../../src/auth/mail/sender.ts'
import { waitingMail } from '../../../src/auth/mail/waiting-mail.ts'
import type { MailRequest, MailTemplate } from '../../../src/auth/outbox.ts'
import type { SecurityEvent } from '../../../src/auth/security-events.ts'
import { memoryTokenStore } from '../../../src/storage/memory/tokens.ts'
import type { SingleUsePurpose, TokenStore } from '../../../src/storage/ports.ts'
import { type BearerToken, isTokenShape } from '../../../src/tokens/token.ts'
import { manualClock } from '../../kit/clock.ts'
import { recordedLog } from '../../kit/log.ts'
import { recordSecret } from '../../kit/used-secrets.ts'

export const testPurpose: SingleUsePurpose = {
  name: 'test_mail',
  letter: 'v',
  flavour: 'single_use',
  ttlSeconds: 600,
  hasReservedRoom: false,
}

export const address = 'ada.planted@example.com'

/** One that says hello to `address`. */
export function hello(fields: Partial<MailTemplate> = {}): MailTemplate {
  return {
    name: 'test/hello',
    addressOf: async () => address,
    write: () => ({ subject: 'Hello', text: 'Good day.\n' }),
    ...fields,
  }
}

/** One that brings a token to `address`. */
export function withToken(fields: Partial<MailTemplate> = {}): MailTemplate {
  return hello({
    name: 'test/token',
    purpose: testPurpose,
    write: ({ token }) => ({ subject: 'Your link', text: `Take this:\n\n${token}\n` }),
    ...fields,
  })
}

/** The token in the text of a mail. */
export function tokenIn(text: string | undefined): BearerToken {
  const found = /sp_[a-z]_[\w-]+/.exec(text ?? '')?.[0]
  if (!isTokenShape(found)) throw new TypeError('no token is there')
  return recordSecret(found)
}

export function newTokens(now: () => number = Date.now) {
  return memoryTokenStore({ now, maxTokens: 1_000, reservedPlaces: 1 })
}

export interface TestSenderOptions {
  readonly templates?: readonly MailTemplate[]
  /** Default: whatever is sent is in `messages`. */
  readonly deliver?: Deliver
  readonly tokens?: TokenStore
}

/** A sender on an outbox in memory, with a clock that the test moves. */
export function startTestSender(t: TestContext, options: TestSenderOptions = {}) {
  const { templates = [hello(), withToken()] } = options
  const clock = manualClock()
  const { tokens = newTokens(clock.now) } = options
  const queue = memoryMailQueue({ now: clock.now, maxMails: 1_000 })
  const log = recordedLog()
  const messages: Message[] = []
  const events: SecurityEvent[] = []
  const { deliver = async (message) => void messages.push(message) } = options
  const from = 'sallyport@example.com'
  const sendMail = createSendMail({ templates: () => templates, tokens, deliver, from })
  const report = (event: SecurityEvent) => void events.push(event)
  const sender = startSender({ queue, sendMail, report, log, clock })
  t.after(() => sender.stop())
  return {
    sender,
    queue,
    clock,
    log,
    tokens,
    messages,
    events,
    ask: (request: Partial<MailRequest> = {}) => {
      const whole = { template: templates[0]?.name ?? '', sub: randomUUID(), ...request }
      queue.add(waitingMail(whole, templates))
      return whole
    },
  }
}
