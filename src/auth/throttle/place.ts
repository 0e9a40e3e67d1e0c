/**
 * From what a client says and where it comes from to what is counted. The name that was typed may be a password in the
 * wrong field, so nothing but a digest of it goes on; a digest of the same length for every name, known or not.
 */
import { isIPv6 } from 'node:net'
import { subjectTagOf } from '../../storage/ports.ts'
import { normaliseUsername } from '../usernames.ts'
import type { Place } from './attempt-counters.ts'

export function placeOf({ username, source }: { username: string; source: string }): Place {
  return {
    account: subjectTagOf(`throttle account ${normaliseUsername(username)}`),
    source: subjectTagOf(`throttle source ${networkOf(source)}`),
  }
}

/** Whoever has one IPv6 address has at least 2^64 of them (RFC 6177 §2): they count as one. */
export function networkOf(source: string): string {
  if (!isIPv6(source)) return source
  const [address] = source.split('%') // without a zone
  const { hostname } = new URL(`http://[${address}]`) // one spelling for all
  const [head = '', tail] = hostname.slice(1, -1).split('::')
  const groups = groupsOf(head)
  const missing = tail === undefined ? 0 : 8 - groups.length - groupsOf(tail).length
  const all = [...groups, ...new Array<string>(missing).fill('0'), ...groupsOf(tail ?? '')]
  return `${all.slice(0, 4).join(':')}::/64`
}

function groupsOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(':')
}
