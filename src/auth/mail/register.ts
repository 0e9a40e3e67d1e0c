/** Mail: an outbox where the accounts are, and the job that sends what others ask for. */
import { withDriver } from '../../storage/with-driver.ts'
import { type Core, capability } from '../capability.ts'
import type { MailRequest, Outbox } from '../outbox.ts'
import { deliverToFolder } from './folder.ts'
import type { MailQueue } from './mail-queue.ts'
import { checkMail, mailVariables } from './mail-variables.ts'
import { memoryMailQueue } from './memory.ts'
import type { Deliver } from './message.ts'
import { createSendMail } from './send-mail.ts'
import { startSender } from './sender.ts'
import type { SmtpUrl } from './smtp-url.ts'
import { waitingMail } from './waiting-mail.ts'

/** In memory. About 3 MB. */
const maxMails = 10_000
const maxFiles = 1_000

export const mail = capability({
  name: 'mail',
  variables: mailVariables,
  check: checkMail,
  migrations: new URL('migrations/', import.meta.url),
  async register(core, { SMTP_URL: url, MAIL_FROM: from, MAIL_DIR: folder }) {
    if (url === undefined && core.environment === 'production') {
      core.log.warn('no mail is sent: SMTP_URL is not set')
      return {}
    }
    const deliver = url === undefined ? deliverToFolder({ folder, maxFiles }) : await openSmtp(url)
    return { outbox: await openOutbox(core, { deliver, from }) }
  },
})

async function openSmtp(url: SmtpUrl): Promise<Deliver> {
  const { deliverBySmtp } = await withDriver('nodemailer', import('./smtp.ts'))
  return deliverBySmtp({ url })
}

async function openOutbox(
  core: Core,
  { deliver, from }: { readonly deliver: Deliver; readonly from: string },
): Promise<Outbox> {
  const { tokens, mailTemplates: templates, accountBacking: backing, clock } = core
  const waiting = (request: MailRequest) => waitingMail(request, templates())
  const start = (queue: MailQueue) => {
    const sendMail = createSendMail({ templates, tokens, deliver, from })
    const sender = startSender({ ...core, queue, sendMail })
    core.release(() => sender.stop())
    return () => sender.look()
  }
  if (backing.kind === 'memory') {
    const queue = memoryMailQueue({ now: clock.now, maxMails })
    return {
      statementFor: () => {
        throw new TypeError('where accounts are in memory, mails are added')
      },
      add: (request) => queue.add(waiting(request)),
      look: start(queue),
    }
  }
  const { addMail, postgresMailQueue } = await import('./postgres.ts')
  return {
    statementFor: (request) => addMail(waiting(request)),
    add: () => {
      throw new TypeError('where accounts are in Postgres, mails are statements of a transaction')
    },
    look: start(postgresMailQueue(backing)),
  }
}
