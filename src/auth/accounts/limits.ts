/** How often something may be done. */
import { Refusal } from '../../http/refusal.ts'
import { allocationOf, networkOf, siteOf } from '../../http/source.ts'
import { subjectTagOf } from '../../storage/ports.ts'
import type { Counter, Counts } from './counts.ts'

export interface Limit {
  readonly windowSeconds: number
  /** Counts, and says whether that was not too often. What was too often is not counted. */
  allows(key: string): Promise<boolean>
  /** As if it had not been asked. */
  takeBack(key: string): Promise<void>
}

export interface LimitOptions extends Omit<Counter, 'tag'> {
  readonly counts: Counts
}

export function createLimit({ counts, ...counter }: LimitOptions): Limit {
  const counterOf = (key: string): Counter => ({
    ...counter,
    tag: subjectTagOf(`${counter.kind} ${key}`),
  })
  return {
    windowSeconds: counter.windowSeconds,
    allows: (key) => counts.count(counterOf(key)),
    takeBack: (key) => counts.takeBack(counterOf(key)),
  }
}

export function tooMany({ windowSeconds }: Pick<Limit, 'windowSeconds'>): Refusal {
  const headers = { 'Retry-After': String(windowSeconds) }
  return new Refusal('too_many_requests', 'That was asked for too often. Try again later.', {
    headers,
  })
}

/**
 * For what strangers ask for in somebody's name: by where they ask from, by the address from there, and by the address as a
 * whole. Who has one address of IPv6 has a network of them, who has a site has 65,536 networks, and a provider so many
 * sites: each has a limit, the higher the more may share it. An IPv4 address is all of these.
 *
 * It takes ten sites to use up what an address gets as a whole. Who has them can keep its owner from asking.
 *
 * The narrow is asked before the wide, and what one refuses is taken back from those before it: so what a network is
 * refused never touches its site, not even for a moment in which others of the site would be refused for it.
 */
export interface AskingLimits {
  readonly windowSeconds: number
  allow(asked: { readonly username: string; readonly source: string }): Promise<boolean>
}

export interface AskingLimitsOptions {
  readonly counts: Counts
  /** Who asks for one thing too often may still ask for another. */
  readonly thing: string
}

const windowSeconds = 3_600

export function createAskingLimits({ counts, thing }: AskingLimitsOptions): AskingLimits {
  const limitBy = (what: string, limit: number) =>
    createLimit({ counts, kind: `${thing}/${what}`, limit, windowSeconds, countsWhenFull: false })
  const byNetwork = limitBy('network', 100)
  const byBoth = limitBy('both', 5)
  const bySite = limitBy('site', 500)
  const byAllocation = limitBy('allocation', 5_000)
  const byAddress = limitBy('address', 50)

  return {
    windowSeconds,
    async allow({ username, source }) {
      const site = siteOf(source)
      const asked = [
        { limit: byNetwork, key: networkOf(source) },
        { limit: byBoth, key: `${site} ${username}` },
        { limit: bySite, key: site },
        { limit: byAllocation, key: allocationOf(source) },
        { limit: byAddress, key: username },
      ]
      for (const [index, { limit, key }] of asked.entries()) {
        if (await limit.allows(key)) continue
        await Promise.all(asked.slice(0, index).map((before) => before.limit.takeBack(before.key)))
        return false
      }
      return true
    },
  }
}
