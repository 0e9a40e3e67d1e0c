/** Mail: an outbox where the accounts are, and the job that sends what others ask for. */
import { withDriver } from '../../storage/with-driver.ts'
import { type Addition, type Core, capability } from '../capability.ts'
import type { MailRequest } from '../outbox.ts'
import { deliverToFolder } from './folder.ts'
import type { MailQueue } from './mail-queue.ts'
import { checkMail, mailVariables } from './mail-variables.ts'
import { memoryMailQueue } from './memory.ts'
import type { Deliver } from './message.ts'
import { createSendMail } from './send-mail.ts'
import { type Sender, startSender } from './sender.ts'
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
    return await openOutbox(core, { deliver, from })
  },
})

async function openSmtp(url: SmtpUrl): Promise<Deliver> {
  const { deliverBySmtp } = await withDriver('nodemailer', import('./smtp.ts'))
  return deliverBySmtp({ url })
}

async function openOutbox(
  core: Core,
  { deliver, from }: { readonly deliver: Deliver; readonly from: string },
): Promise<Pick<Addition, 'outbox' | 'jobs'>> {
  const { tokens, mailTemplates: templates, accountBacking: backing, clock } = core
  const waiting = (request: MailRequest) => waitingMail(request, templates())
  /** Where nobody sends, what is added waits for somebody who does. */
  let sender: Sender | undefined
  const look = () => sender?.look()
  const sendFrom = (queue: MailQueue) => () => {
    const sendMail = createSendMail({ templates, tokens, deliver, from })
    sender = startSender({ ...core, queue, sendMail })
    return () => sender?.stop()
  }
  if (backing.kind === 'memory') {
    const queue = memoryMailQueue({ now: clock.now, maxMails })
    const statementFor = () => {
      throw new TypeError('where accounts are in memory, mails are added')
    }
    const add = (request: MailRequest) => queue.add(waiting(request))
    return { outbox: { statementFor, add, look }, jobs: [sendFrom(queue)] }
  }
  const { addMail, postgresMailQueue } = await import('./postgres.ts')
  const statementFor = (request: MailRequest) => addMail(waiting(request))
  const add = () => {
    throw new TypeError('where accounts are in Postgres, mails are statements of a transaction')
  }
  return { outbox: { statementFor, add, look }, jobs: [sendFrom(postgresMailQueue(backing))] }
}
