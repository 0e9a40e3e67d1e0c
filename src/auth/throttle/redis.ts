/**
 * Attempts counted in Redis, for as many auth processes as there are.
 *
 * An account, its pairs and what it knows share a hash tag, and a source has one of its own; so an attempt is two steps
 * in a Cluster, each atomic. (One tag for all would be one step, and one node that no login could do without.) The account
 * comes first, for in a place that it knows it decides alone; where the source then says no, the account is refunded. So
 * no counter ever admits more than it may.
 *
 * Nothing is cleaned up: a counter dies when its debt is over. What strangers can fill is bounded by how fast passwords
 * are hashed, for what was not found wrong is refunded: at 200 a second, each with a name and an address of its own, there
 * are 180,000 pairs of less than 200 bytes, 12,000 accounts and 12,000 sources. Only what is untold lives for a day, and
 * of that there is no more than one key for each user.
 */
import { randomUUID } from 'node:crypto'
import { keyOfSubject } from '../../storage/redis/keys.ts'
import type { ScriptRunner } from '../../storage/redis/runner.ts'
import type { AttemptCounters, Place, Verdict } from './attempt-counters.ts'
import { failureCost, flightCost, type Limit, type Limits } from './limits.ts'
import * as scripts from './scripts.ts'

export interface RedisAttemptCountersOptions {
  readonly runner: ScriptRunner
  readonly limits: Limits
}

export function redisAttemptCounters({
  runner,
  limits,
}: RedisAttemptCountersOptions): AttemptCounters {
  async function ask(
    keys: readonly string[],
    source: string,
    ...each: readonly Limit[]
  ): Promise<Verdict> {
    const costs = each.flatMap((limit) => [
      limit.freeFailures,
      limit.longestWaitMilliseconds,
      flightCost(limit),
    ])
    const answer = await runner.run({
      script: scripts.begin,
      keys,
      args: [source, ...costs.map(String)],
      isRepeatable: false,
    })
    const [waitMilliseconds, isKnown] = answer as [number, number] // as the script answers
    return waitMilliseconds > 0
      ? { isAdmitted: false, waitMilliseconds }
      : { isAdmitted: true, isKnown: isKnown === 1 }
  }

  /** Adds to counters in one slot. */
  async function settle(keys: readonly string[], amounts: readonly number[]): Promise<void> {
    const args = amounts.map(String)
    await runner.run({ script: scripts.settle, keys, args, isRepeatable: false })
  }

  async function refundAccount(place: Place): Promise<void> {
    const refunds = [-flightCost(limits.pair), -flightCost(limits.account)]
    await settle([pairKey(place), accountKey(place)], refunds)
  }

  async function refundSource(place: Place): Promise<void> {
    await settle([sourceKey(place)], [-flightCost(limits.source)])
  }

  return {
    async begin(place) {
      const { pair, account, source } = limits
      const keys = [pairKey(place), accountKey(place), knownKey(place)]
      const verdict = await ask(keys, place.source, pair, account)
      if (!verdict.isAdmitted || verdict.isKnown) return verdict
      const ofSource = await ask([sourceKey(place)], place.source, source).catch(
        async (error: unknown) => {
          // Or a node that is down would in time be a 429 for whoever tries again.
          await refundAccount(place).catch(() => {})
          throw error
        },
      )
      if (!ofSource.isAdmitted) await refundAccount(place)
      return ofSource
    },

    async fail(place, { isKnown, hasUser }) {
      const { pair, account, source, untoldForMilliseconds } = limits
      const remainder = (limit: Limit) => failureCost(limit) - flightCost(limit)
      if (isKnown) {
        await Promise.all([
          settle([pairKey(place)], [remainder(pair)]),
          settle([sourceKey(place)], [failureCost(source)]),
        ])
      } else {
        const keys = [pairKey(place), accountKey(place), ...(hasUser ? [untoldKey(place)] : [])]
        const args = [remainder(pair), remainder(account), untoldForMilliseconds].map(String)
        await Promise.all([
          runner.run({ script: scripts.failElsewhere, keys, args, isRepeatable: false }),
          settle([sourceKey(place)], [remainder(source)]),
        ])
      }
    },

    async abandon(place, isKnown) {
      if (isKnown) await settle([pairKey(place)], [-flightCost(limits.pair)])
      else await Promise.all([refundAccount(place), refundSource(place)])
    },

    async succeed(place, isKnown) {
      const { knownForMilliseconds, maxKnownSources } = limits
      if (!isKnown) {
        // First: where this fails nobody is told anything, so nothing must be forgotten.
        await Promise.all([
          settle([accountKey(place)], [-flightCost(limits.account)]),
          refundSource(place),
        ])
      }
      const limitsOfKnown = [String(knownForMilliseconds), String(maxKnownSources)]
      const untold = await runner.run({
        script: scripts.remember,
        keys: [pairKey(place), knownKey(place), ...(isKnown ? [] : [untoldKey(place)])],
        args: [place.source, ...limitsOfKnown, randomUUID()],
        isRepeatable: true,
      })
      return untold === 1
    },
  }
}

function pairKey({ account, source }: Place): string {
  return keyOfSubject(account, 'throttle', `pair:${source}`)
}

function accountKey({ account }: Place): string {
  return keyOfSubject(account, 'throttle', 'account')
}

function knownKey({ account }: Place): string {
  return keyOfSubject(account, 'throttle', 'known')
}

function untoldKey({ account }: Place): string {
  return keyOfSubject(account, 'throttle', 'untold')
}

function sourceKey({ source }: Place): string {
  return keyOfSubject(source, 'throttle', 'source')
}
