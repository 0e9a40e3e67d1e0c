/** The variables of mail, and what must be true of them together. */
import { type Declaration, readBy, type WithDefault } from '../../variable-kinds.ts'
import type { Definition } from '../capability.ts'
import { isAddress } from './message.ts'
import { parseSmtpUrl, type SmtpUrl } from './smtp-url.ts'

const smtpUrl = (): Declaration<SmtpUrl> => ({
  isSecret: true,
  parse: parseSmtpUrl,
  expected:
    'smtp://host or smtps://host, with a port and with user:password@ where they are needed',
})

const folder = (byDefault: string): WithDefault<string> => ({
  default: byDefault,
  parse: (path) => path,
  expected: 'the path of a folder',
})

const address = (byDefault: string): WithDefault<string> => ({
  default: byDefault,
  parse: (text) => (isAddress(text) ? text : undefined),
  expected: 'an e-mail address',
})

const auth = readBy('auth')

export const mailVariables = {
  SMTP_URL: auth(smtpUrl()),
  MAIL_FROM: auth(address('sallyport@localhost')),
  MAIL_DIR: auth(folder('./mail')),
}

type Check = NonNullable<Definition<typeof mailVariables>['check']>

export const checkMail: Check = ({ core, isSet, programs }, problems) => {
  if (!programs.includes('auth')) return
  if (core.APP_ENV === 'production' && isSet('MAIL_DIR')) {
    const sentence = 'MAIL_DIR must not be set in production: the files would hold tokens.'
    problems.add(sentence, 'MAIL_DIR')
  }
  if (!isSet('SMTP_URL')) return
  if (isSet('MAIL_DIR')) {
    problems.add('SMTP_URL and MAIL_DIR are both set; one of them must go.', 'SMTP_URL', 'MAIL_DIR')
  }
  if (!isSet('MAIL_FROM')) problems.add('MAIL_FROM must be set where SMTP_URL is.', 'MAIL_FROM')
}
