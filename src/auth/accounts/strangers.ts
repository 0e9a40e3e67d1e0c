/**
 * Subjects for addresses that have no account. Work on behalf of one subject waits for other work on its behalf, as mails
 * of one subject are one row of the outbox: if all strangers were one subject, whoever measures could tell them from
 * users. So each address has its own, which a secret key keeps from being looked for, out of so many that they cannot
 * fill the outbox. No user has such an id.
 */
import { createHmac } from 'node:crypto'
import { nobody } from '../login-steps.ts'

const howMany = 1_024

export function strangersBy(key: Buffer): (username: string) => string {
  return (username) => {
    const place = createHmac('sha256', key).update(username).digest().readUInt16BE() % howMany
    return `${nobody.slice(0, -4)}${place.toString(16).padStart(4, '0')}`
  }
}
