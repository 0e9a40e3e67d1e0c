import { hash } from 'node:crypto'
import type { MailRequest, MailTemplate } from '../outbox.ts'
import type { WaitingMail } from './mail-queue.ts'

/** What is safe to keep as it is, wherever it is kept. */
const pattern = /^[\x21-\x7e]{1,256}$/

/**
 * What the outbox keeps of a request. Of one subject, mails of one purpose are one mail, for the second would end the
 * token of the first; so are those of one template. So senders do not end the tokens of one another, and a stranger who
 * asks again and again fills nothing. Throws where the request is one that nobody could fulfil.
 */
export function waitingMail(
  { template: name, sub }: MailRequest,
  templates: readonly MailTemplate[],
): WaitingMail {
  const template = templates.find((one) => one.name === name)
  if (template === undefined) throw new TypeError(`there is no mail template '${name}'`)
  if (!pattern.test(name) || !pattern.test(sub)) throw new TypeError('not a subject or a template')
  const { purpose } = template
  const about = purpose === undefined ? ['template', name] : ['purpose', purpose.name]
  const id = hash('sha256', JSON.stringify([sub, ...about]), 'base64url')
  return { id, template: name, sub }
}
