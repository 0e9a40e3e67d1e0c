/** The users of Redis as deployment makes them, with passwords of the test's own. */
import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.ts'

const template = join(root, 'deploy/redis/users.acl.template')

export function redisUsers() {
  const [authPassword, businessPassword] = [newPassword(), newPassword()]
  const lines = readFileSync(template, 'utf8')
    .replace('$' + '{AUTH_PASSWORD_HASH}', sha256(authPassword))
    .replace('$' + '{BUSINESS_PASSWORD_HASH}', sha256(businessPassword))
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  return { lines, authPassword, businessPassword }
}

function newPassword(): string {
  return randomBytes(24).toString('base64url')
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
