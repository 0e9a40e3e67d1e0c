/**
 * Subjects for addresses that have no account. Mails of one subject are one row of the outbox, and who asks for one waits
 * for whoever else does: if all strangers were one subject, somebody who measures could tell them from users. So each
 * address has one of so many subjects as cannot fill the outbox. Two addresses may meet in one. The key hides which do from
 * somebody who tries a few; who tries a thousand finds one that meets another, and learns that neither has an account. No
 * user has such an id.
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
