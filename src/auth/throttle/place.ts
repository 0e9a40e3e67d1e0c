/**
 * From what a client says and where it comes from to what is counted. The name that was typed may be a password in the
 * wrong field, so nothing but a digest of it goes on; a digest of the same length for every name, known or not.
 */
import { networkOf } from '../../http/source.ts'
import { subjectTagOf } from '../../storage/ports.ts'
import { normaliseUsername } from '../usernames.ts'
import type { Place } from './attempt-counters.ts'

export function placeOf({ username, source }: { username: string; source: string }): Place {
  return {
    account: subjectTagOf(`throttle account ${normaliseUsername(username)}`),
    source: subjectTagOf(`throttle source ${networkOf(source)}`),
  }
}
