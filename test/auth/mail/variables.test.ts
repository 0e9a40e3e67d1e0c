import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { extensionsOf } from '../../../src/auth/capability.ts'
import { mail } from '../../../src/auth/mail/register.ts'
import { parseSmtpUrl } from '../../../src/auth/mail/smtp-url.ts'
import { problemsOf } from '../../kit/config-problems.ts'

const extensions = extensionsOf([mail])
const smtp = { SMTP_URL: 'smtps://mail.example.com', MAIL_FROM: 'sallyport@example.com' }

/** What is wrong in a demo with these variables. */
const inDemo = (environment: Record<string, string>) =>
  problemsOf(environment, ['auth'], extensions)

describe('the URL of an SMTP server', () => {
  const good = [
    ['smtps://mail.example.com', ['mail.example.com', 465, 'tls', undefined]],
    ['smtp://mail.example.com', ['mail.example.com', 587, 'starttls', undefined]],
    ['smtp://mail.example.com:25/', ['mail.example.com', 25, 'starttls', undefined]],
    ['smtp://127.0.0.1:1025', ['127.0.0.1', 1025, 'none', undefined]],
    ['smtp://localhost', ['localhost', 587, 'none', undefined]],
    ['smtp://[::1]:25', ['::1', 25, 'none', undefined]],
    ['smtps://127.0.0.1', ['127.0.0.1', 465, 'tls', undefined]],
    [
      'smtps://sally%40example.com:p%2Fa%3As%25s@mail.example.com',
      ['mail.example.com', 465, 'tls', { user: 'sally@example.com', password: 'p/a:s%s' }],
    ],
  ] as const
  for (const [text, [host, port, security, credentials]] of good) {
    it(`is ${text}`, () => {
      assert.deepEqual(parseSmtpUrl(text), { host, port, security, credentials })
    })
  }

  const bad = [
    'mail.example.com',
    'http://mail.example.com',
    'smtp://',
    'smtp://:25',
    'smtp://mail.example.com/path',
    'smtp://mail.example.com?secure=false',
    'smtp://mail.example.com#x',
    'smtp://mail.example.com:99999',
    'smtp://sally@mail.example.com',
    'smtp://:password@mail.example.com',
    'smtp://sally:%zz@mail.example.com',
    'smtp://%zz:password@mail.example.com',
  ]
  for (const text of bad) {
    it(`is not ${text}`, () => assert.equal(parseSmtpUrl(text), undefined))
  }
})

describe('the variables of mail', () => {
  it('are good where none is set, and where mails go to a server', () => {
    assert.deepEqual([inDemo({}), inDemo(smtp), inDemo({ MAIL_DIR: '/mail' })], [[], [], []])
  })

  it('are each of the form that it must have', () => {
    const problems = inDemo({ SMTP_URL: 'mail.example.com', MAIL_FROM: 'Ada <ada@example.com>' })

    assert.deepEqual(problems, [
      'SMTP_URL must be smtp://host or smtps://host, with a port and with user:password@ where they are needed.',
      'MAIL_FROM must be an e-mail address.',
    ])
  })

  it('say from whom mails are where they leave the machine', () => {
    const { SMTP_URL } = smtp

    assert.deepEqual(inDemo({ SMTP_URL }), ['MAIL_FROM must be set where SMTP_URL is.'])
  })

  it('send mails one way and not two', () => {
    const problems = inDemo({ ...smtp, MAIL_DIR: './mail' })

    assert.deepEqual(problems, ['SMTP_URL and MAIL_DIR are both set; one of them must go.'])
  })

  it('put no mail into a file in production', () => {
    const problems = inDemo({ APP_ENV: 'production', MAIL_DIR: './mail' })

    const sentence = 'MAIL_DIR must not be set in production: the files would hold tokens.'
    assert.ok(problems.includes(sentence))
  })

  it('are no business of other programs', () => {
    const environment = { SMTP_URL: 'wrong', MAIL_DIR: './mail' }

    assert.deepEqual(problemsOf(environment, ['business'], extensions), [])
  })
})
