/** A folder into which an auth writes its mails, and a reader of what is in them. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BearerToken, isTokenShape } from '../../src/tokens/token.ts'
import type { Lifetime } from './daemon.ts'
import { waitUntil } from './processes.ts'
import { recordSecret } from './used-secrets.ts'

/** It goes with the test. */
export function mailFolder(t: Lifetime) {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-mails-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const MAIL_DIR = join(folder, 'mails')
  const read = new Set<string>()

  /** Those to an address that were not read before. */
  function unread(address: string): BearerToken[] {
    const names = readdirSync(folder).includes('mails') ? readdirSync(MAIL_DIR) : []
    return names
      .filter((name) => /^[^.].*\.eml$/.test(name))
      .map((name) => readFileSync(join(MAIL_DIR, name), 'utf8'))
      .filter((text) => text.includes(`\r\nTo: ${address}\r\n`))
      .map((text) => /sp_[a-z]_[\w-]{12}_[\w-]{43}/.exec(text)?.[0])
      .filter(isTokenShape)
      .filter((token) => !read.has(token))
  }

  return {
    MAIL_DIR,
    /** The token in the next mail to that address that brings one, as soon as it is there. */
    nextToken: async (address: string): Promise<BearerToken> => {
      await waitUntil(() => unread(address).length > 0)
      const [token] = unread(address)
      if (token === undefined) throw new TypeError('nobody else takes it away')
      read.add(token)
      return recordSecret(token)
    },
  }
}
