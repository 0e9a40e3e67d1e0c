/** What clients write about accounts, and what they read. */
import { Refusal } from '../../http/refusal.ts'
import { boolean, count, listOf, object, type TypeOf, text } from '../../http/shape.ts'
import { checkName } from '../create-user.ts'
import { normaliseUsername } from '../usernames.ts'
import type { Account } from './account-store.ts'

/** RFC 5321 §4.5.3.1.3, without the angle brackets. */
const maxAddressLength = 254

export const accountAnswer = object({
  id: text(),
  username: text(),
  name: text(),
  verified: boolean(),
  roles: listOf(text(), { maxItems: 1_000 }),
  created_at: count(),
  updated_at: count(),
})

export function answerOf(account: Account): TypeOf<typeof accountAnswer> {
  const { id, username, name, verifiedAt, roles, createdAt, updatedAt } = account
  return {
    id,
    username,
    name,
    verified: verifiedAt !== undefined,
    roles: [...roles],
    created_at: Math.floor(createdAt / 1000),
    updated_at: Math.floor(updatedAt / 1000),
  }
}

/** The address, normalised. Refuses what no mail could go to: the first mail shows the rest. */
export function readAddress(typed: string): string {
  const address = normaliseUsername(typed)
  const isGood =
    address.length <= maxAddressLength &&
    /^[^\s@<>,;:"()[\]\\]{1,64}@[^\s@<>,;:"()[\]\\]+$/.test(address) &&
    !/\p{Cc}/u.test(address)
  if (!isGood) throw new Refusal('invalid_request', 'The username must be an e-mail address.')
  return address
}

/** A name that others can see. */
export function readName(name: string): string {
  const [problem] = checkName(name)
  if (problem !== undefined) throw new Refusal('invalid_request', problem)
  return name
}
