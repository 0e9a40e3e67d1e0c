/** Mails as files, for the demo: one each, whole as soon as it has its name, and for nobody but who runs the server. */
import { randomBytes } from 'node:crypto'
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Deliver, Message } from './message.ts'

export interface FolderOptions {
  /** Made where it is not there. */
  readonly folder: string
  /** When there are more, the oldest go. */
  readonly maxFiles: number
}

export function deliverToFolder({ folder, maxFiles }: FolderOptions): Deliver {
  return async (message) => {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const time = new Date(message.at).toISOString().replaceAll(':', '-')
    const name = `${time}-${randomBytes(8).toString('hex')}.eml`
    const unfinished = join(folder, `.${name}`)
    try {
      await writeFile(unfinished, fileOf(message), { mode: 0o600, flag: 'wx' })
      await rename(unfinished, join(folder, name))
    } finally {
      await rm(unfinished, { force: true })
    }
    await removeOldest({ folder, maxFiles })
  }
}

const namePattern = /^\d{4}-\d\d-\d\dT[\d.-]+Z-[\da-f]{16}\.eml$/

async function removeOldest({ folder, maxFiles }: FolderOptions): Promise<void> {
  const names = (await readdir(folder)).filter((name) => namePattern.test(name)).sort()
  for (const name of names.slice(0, Math.max(0, names.length - maxFiles))) {
    await rm(join(folder, name), { force: true })
  }
}

/** RFC 5322, with headers in UTF-8 (RFC 6532). */
function fileOf({ messageId, at, from, to, subject, text }: Message): string {
  const headers = [
    `Message-ID: ${messageId}`,
    `Date: ${new Date(at).toUTCString().replace('GMT', '+0000')}`,
    `From: ${from}`,
    `To: ${to}`,
    `Subject: ${subject}`,
    'Auto-Submitted: auto-generated',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
  ]
  return [...headers, '', ...text.split('\n')].join('\r\n')
}
