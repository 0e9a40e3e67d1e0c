/**
 * Where a request comes from: the peer of its connection, or what the outermost of our own proxies saw.
 *
 * Each proxy appends the address of its own peer to `X-Forwarded-For`. What stands to the left of what ours appended was
 * written by the client and may be anything, so exactly as many hops are counted from the right as there are.
 */
import { isIP, isIPv6 } from 'node:net'

export interface Arrival {
  /** Of the connection; missing where it has gone. */
  readonly peer: string | undefined
  /** The values of all `X-Forwarded-For` headers, in their order. */
  readonly forwardedFor: readonly string[]
}

/** An IP address, or `unknown`. What did not come through all the proxies comes from its peer. */
export function sourceOf({ peer, forwardedFor }: Arrival, trustedProxyHops: number): string {
  const hops = trustedProxyHops === 0 ? [] : forwardedFor.join(',').split(',')
  const forwarded = hops.at(-trustedProxyHops)?.trim() ?? ''
  const isForwarded = trustedProxyHops > 0 && isIP(forwarded) !== 0
  return canonical(isForwarded ? forwarded : (peer ?? 'unknown'))
}

/** One address is one source, also where IPv6 carries IPv4 (RFC 4291 §2.5.5.2). */
function canonical(address: string): string {
  const [, embedded] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? []
  return embedded ?? address.toLowerCase()
}

/** Whoever has one IPv6 address has at least 2^64 of them (RFC 6177 §2): they count as one. */
export function networkOf(source: string): string {
  return prefixOf(source, 64)
}

/** What many are given as a whole, with 65,536 networks in it. */
export function siteOf(source: string): string {
  return prefixOf(source, 48)
}

/** What a provider is given at least, with 65,536 sites in it. */
export function allocationOf(source: string): string {
  return prefixOf(source, 32)
}

function prefixOf(source: string, bits: 32 | 48 | 64): string {
  if (!isIPv6(source)) return source
  const [address] = source.split('%') // without a zone
  const { hostname } = new URL(`http://[${address}]`) // one spelling for all
  const [head = '', tail] = hostname.slice(1, -1).split('::')
  const groups = groupsOf(head)
  const missing = tail === undefined ? 0 : 8 - groups.length - groupsOf(tail).length
  const all = [...groups, ...new Array<string>(missing).fill('0'), ...groupsOf(tail ?? '')]
  return `${all.slice(0, bits / 16).join(':')}::/${bits}`
}

function groupsOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(':')
}
