import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { deliverToFolder } from '../../../src/auth/mail/folder.ts'
import type { Message } from '../../../src/auth/mail/message.ts'
import { ownFolder } from './own-folder.ts'

const message: Message = {
  messageId: '<id.1@localhost>',
  at: 1_700_000_000_000,
  from: 'sallyport@localhost',
  to: 'ada@example.com',
  subject: 'Grüße',
  text: 'Guten Tag,\n\nschöne Grüße.\n',
}
const never = new AbortController().signal

function open(t: TestContext, maxFiles = 10) {
  const folder = join(ownFolder(t), 'new', 'mail')
  return { folder, deliver: deliverToFolder({ folder, maxFiles }) }
}

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)

describe('a folder of mails', () => {
  it('is made with the first mail, for nobody else to read', async (t) => {
    const { folder, deliver } = open(t)
    const before = existsSync(folder)

    await deliver(message, never)

    const [name = ''] = readdirSync(folder)
    assert.equal(before, false)
    assert.match(name, /^2023-11-14T22-13-20\.000Z-[\da-f]{16}\.eml$/)
    assert.deepEqual([modeOf(folder), modeOf(join(folder, name))], ['700', '600'])
  })

  it('holds each mail whole, as a program for mail reads it', async (t) => {
    const { folder, deliver } = open(t)

    await deliver(message, never)

    const [name = ''] = readdirSync(folder)
    assert.deepEqual(readFileSync(join(folder, name), 'utf8').split('\r\n'), [
      'Message-ID: <id.1@localhost>',
      'Date: Tue, 14 Nov 2023 22:13:20 +0000',
      'From: sallyport@localhost',
      'To: ada@example.com',
      'Subject: Grüße',
      'Auto-Submitted: auto-generated',
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: 8bit',
      '',
      'Guten Tag,',
      '',
      'schöne Grüße.',
      '',
    ])
  })

  it('keeps apart mails of the same moment', async (t) => {
    const { folder, deliver } = open(t)

    await Promise.all(Array.from({ length: 5 }, () => deliver(message, never)))

    assert.equal(readdirSync(folder).length, 5)
  })

  it('loses its oldest mails when there are too many, and no file of somebody else', async (t) => {
    const { folder, deliver } = open(t, 3)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, '1 of mine.eml'), 'mine')

    for (let second = 0; second < 5; second++) {
      await deliver({ ...message, at: message.at + second * 1_000 }, never)
    }

    const times = readdirSync(folder).map((name) => name.slice(0, 19))
    assert.deepEqual(times.sort(), [
      '1 of mine.eml',
      '2023-11-14T22-13-22',
      '2023-11-14T22-13-23',
      '2023-11-14T22-13-24',
    ])
  })

  it('fails where it cannot be made, and leaves nothing', async (t) => {
    const file = join(ownFolder(t), 'file')
    writeFileSync(file, '')

    const deliver = deliverToFolder({ folder: join(file, 'mail'), maxFiles: 1 })

    await assert.rejects(deliver(message, never), { code: 'ENOTDIR' })
    assert.equal(readFileSync(file, 'utf8'), '')
  })
})
