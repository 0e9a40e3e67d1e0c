/**
 * Tokens in the memory of one process. Each purpose has a shelf of its own, so a token of another purpose cannot even be
 * found. Nothing awaits between judging and changing: each method is one step of a single-threaded process, hence
 * atomic.
 */
import { randomUUID } from 'node:crypto'
import { unavailable } from '../../http/refusal.ts'
import {
  type LivingToken,
  longestLifeSeconds,
  type Mark,
  markLifeSeconds,
  type Purpose,
  type TokenHash,
  type TokenKey,
  type TokenStore,
  type TokenSweeper,
} from '../ports.ts'
import { createShelves, Entry, type Shelf, type ShelvesOptions, shardOf } from './shelves.ts'

export interface MemoryTokenStoreOptions extends ShelvesOptions {
  /** Epoch milliseconds. May step back: the store's own clock then stands still. */
  readonly now: () => number
}

export function memoryTokenStore(options: MemoryTokenStoreOptions): TokenStore & TokenSweeper {
  const { now, ...limits } = options
  const shelves = createShelves(limits)
  let latest = 0
  let isClosed = false

  function readClock(): number {
    if (isClosed) throw unavailable('The token store is closed.')
    latest = Math.max(latest, now())
    return latest
  }

  async function remove({ hash }: TokenKey, purpose: Purpose): Promise<LivingToken | undefined> {
    const at = readClock()
    const shelf = shelves.of(purpose)
    const entry = findAlive(shelf, hash, at)
    if (entry === undefined) return undefined
    shelves.remove(shelf, hash)
    return copyOf(entry, purpose, at)
  }

  return {
    async issue(token) {
      const at = readClock()
      const { key, purpose, sub, mark } = token
      const shelf = shelves.of(purpose)
      if (isEnded(findMark(shelf, sub, at), mark)) return undefined
      const longestLife = longestLifeSeconds(purpose) * 1000
      const entry = new Entry(token, at, purpose.ttlSeconds * 1000, longestLife)
      shelves.file(shelf, key.hash, entry)
      return copyOf(entry, purpose, at)
    },

    async reinflate(keys, purpose) {
      const at = readClock()
      const shelf = shelves.of(purpose)
      return keys.map(({ hash }) => {
        const entry = findAlive(shelf, hash, at)
        if (entry === undefined) return undefined
        entry.extendTo(at + purpose.ttlSeconds * 1000)
        const shard = shardOf(shelf, hash)
        shard.delete(hash)
        shard.set(hash, entry)
        return copyOf(entry, purpose, at)
      })
    },

    async peek({ hash }, purpose) {
      const at = readClock()
      const entry = findAlive(shelves.of(purpose), hash, at)
      return entry && copyOf(entry, purpose, at)
    },

    take: remove,
    revoke: remove,

    async revokeSubject(sub, purposes, changeId) {
      const at = readClock()
      for (const purpose of purposes) {
        const { marks, changes } = shelves.of(purpose)
        const expiresAt = at + markLifeSeconds(purpose) * 1000
        if (changeId !== undefined) {
          const change = JSON.stringify([sub, changeId])
          if (changes.has(change)) continue
          changes.set(change, { expiresAt })
        }
        marks.delete(sub)
        marks.set(sub, { mark: randomUUID() as string as Mark, expiresAt })
      }
      return { isLasting: true } // a crash ends the tokens, too
    },

    async marks(sub, purposes) {
      const at = readClock()
      const found = purposes.map(
        (purpose) => [purpose.name, findMark(shelves.of(purpose), sub, at)] as const,
      )
      return new Map(found.filter((one): one is [string, Mark] => one[1] !== undefined))
    },

    async census() {
      readClock()
      return { counts: shelves.countByPurpose(), isSampled: false }
    },

    async evictExpired(limit) {
      const evicted = shelves.evict(limit, readClock())
      return { evicted, isDone: evicted < limit }
    },

    async count() {
      readClock()
      return shelves.count()
    },

    async ping() {
      readClock()
    },

    async close() {
      isClosed = true
      shelves.clear()
    },
  }
}

function findMark({ marks }: Shelf, sub: string, at: number): Mark | undefined {
  const entry = marks.get(sub)
  return entry !== undefined && at < entry.expiresAt ? entry.mark : undefined
}

/** The one place that judges: before its expiry, and not under a mark that came after it. */
function findAlive(shelf: Shelf, hash: TokenHash, at: number): Entry | undefined {
  const entry = shardOf(shelf, hash).get(hash)
  if (entry === undefined || at >= entry.expiresAt) return undefined
  return isEnded(findMark(shelf, entry.sub, at), entry.mark) ? undefined : entry
}

function isEnded(present: Mark | undefined, own: Mark | undefined): boolean {
  return present !== undefined && present !== own
}

function copyOf(entry: Entry, purpose: Purpose, judgedAt: number): LivingToken {
  const { id, sub, name, scope, context, issuedAt, expiresAt, capAt, refreshCount } = entry
  return {
    id,
    purpose: purpose.name,
    sub,
    name,
    scope,
    context,
    issuedAt,
    expiresAt,
    capAt,
    refreshCount,
    judgedAt,
  }
}
