/** The users of Redis as deployment makes them, with passwords of the test's own. */
import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const template = new URL('../../../deploy/redis/users.acl.template', import.meta.url)

export function redisUsers() {
  const [authPassword, businessPassword] = [newPassword(), newPassword()]
  const lines = readFileSync(fileURLToPath(template), 'utf8')
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
