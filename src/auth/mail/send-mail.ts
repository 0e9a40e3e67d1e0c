/**
 * One attempt to send a mail. What the outbox does not hold is found only now: the address, and a fresh token.
 *
 * Before the token is issued, a new mark ends the subject's earlier ones of its purpose; it is issued under the mark that
 * is there then, so that who ends all tokens meanwhile ends this one, too.
 */
import type { SingleUsePurpose, TokenStore } from '../../storage/ports.ts'
import { type BearerToken, mintToken } from '../../tokens/token.ts'
import { addressDigest } from '../mailed-address.ts'
import type { MailTemplate } from '../outbox.ts'
import type { ClaimedMail } from './mail-queue.ts'
import { checkAddress, checkSubject, type Deliver, DeliveryError } from './message.ts'

export interface SendMailDependencies {
  /** Asked at each attempt: capabilities are registered one after the other. */
  readonly templates: () => readonly MailTemplate[]
  readonly tokens: TokenStore
  readonly deliver: Deliver
  readonly from: string
}

/** Whether it was sent: `false` where there is no address. Rejects where it could not be. */
export type SendMail = (mail: ClaimedMail, signal: AbortSignal) => Promise<boolean>

export function createSendMail({
  templates,
  tokens,
  deliver,
  from,
}: SendMailDependencies): SendMail {
  return async (mail, signal) => {
    const template = templates().find(({ name }) => name === mail.template)
    // Perhaps not yet: while servers are restarted, a newer one may have asked for it.
    if (template === undefined) throw new DeliveryError('there is no such template')
    const to = await template.addressOf(mail.sub)
    if (to === undefined) return false
    checkAddress(to)
    signal.throwIfAborted()
    const token =
      template.purpose && (await renewToken(tokens, template.purpose, { sub: mail.sub, to }))
    const { subject, text } = template.write({ token })
    checkSubject(subject)
    signal.throwIfAborted()
    const messageId = messageIdOf(mail, { from, isRenewed: token !== undefined })
    await deliver({ messageId, at: mail.claimedAt, from, to, subject, text }, signal)
    return true
  }
}

async function renewToken(
  tokens: TokenStore,
  purpose: SingleUsePurpose,
  { sub, to }: { readonly sub: string; readonly to: string },
): Promise<BearerToken> {
  await tokens.revokeSubject(sub, [purpose])
  const mark = (await tokens.marks(sub, [purpose])).get(purpose.name)
  const { token, filed } = mintToken({
    purpose,
    sub,
    name: '',
    scope: '',
    context: addressDigest(to),
    mark,
  })
  const living = await tokens.issue(filed)
  if (living === undefined) throw new DeliveryError('the token was ended as it was issued')
  return token
}

/**
 * The same for each attempt at a mail, so that a receiver may drop the second. Not where each attempt brings a token of
 * its own: there the second mail is the one that is good.
 */
function messageIdOf(
  { id, addedAt, attempt }: ClaimedMail,
  { from, isRenewed }: { readonly from: string; readonly isRenewed: boolean },
): string {
  const local = [id, addedAt, ...(isRenewed ? [attempt] : [])].join('.')
  return `<${local}${from.slice(from.lastIndexOf('@'))}>`
}
