/**
 * Tokens in the memory of one process.
 *
 * A shelf per purpose, so a token of another purpose cannot even be found. All tokens of a purpose live equally long
 * after they were last touched, so a `Map` in order of insertion is in order of expiry: to reinflate is to delete and
 * insert, the next to die stands in front, and eviction costs what it evicts. (A token close to its cap dies earlier
 * than its place says; it is judged dead on time, and evicted at most one TTL later.)
 *
 * A shelf is cut into shards, because a `Map` now and then moves all its entries at once: of a million, that would take
 * longer than a request may wait.
 *
 * Nothing awaits between judging and changing: each method is one step of a single-threaded process, hence atomic.
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
  type TokenId,
  type TokenKey,
  type TokenStore,
  type TokenSweeper,
} from '../ports.ts'

interface Entry {
  readonly id: TokenId
  readonly sub: string
  readonly name: string
  readonly scope: string
  readonly context: string
  readonly mark: Mark | undefined
  readonly issuedAt: number
  readonly capAt: number
  expiresAt: number
  refreshCount: number
}

interface MarkEntry {
  readonly mark: Mark
  readonly expiresAt: number
}

const shardCount = 64
/** What a full store evicts before it refuses. */
const evictedWhenFull = 1_000

interface Shelf {
  readonly shards: readonly Map<TokenHash, Entry>[]
  /** By subject. All marks of a purpose are kept equally long, so these too stand in order of expiry. */
  readonly marks: Map<string, MarkEntry>
  readonly room: Room
}

/** The places of the purposes with reserved room, or those of all others. */
interface Room {
  filed: number
}

/** A map in order of expiry. */
interface Row {
  readonly entries: Map<string, { readonly expiresAt: number }>
  /** Where its entries are counted; marks are not. */
  readonly room: Room | undefined
}

export interface MemoryTokenStoreOptions {
  /** Epoch milliseconds. May step back: the store's own clock then stands still. */
  readonly now: () => number
  /** How many tokens are filed at most. */
  readonly maxTokens: number
  /** How many of these places only purposes with reserved room may use. */
  readonly reservedPlaces: number
}

export function memoryTokenStore(options: MemoryTokenStoreOptions): TokenStore & TokenSweeper {
  const { now, maxTokens, reservedPlaces } = options
  const shelves = new Map<string, Shelf>()
  const rows: Row[] = []
  let nextRow = 0
  const reserved: Room = { filed: 0 }
  const ordinary: Room = { filed: 0 }
  let latest = 0
  let isClosed = false

  function readClock(): number {
    if (isClosed) throw unavailable('The token store is closed.')
    latest = Math.max(latest, now())
    return latest
  }

  function shelfOf({ name, hasReservedRoom }: Purpose): Shelf {
    let shelf = shelves.get(name)
    if (shelf === undefined) {
      const shards = Array.from({ length: shardCount }, () => new Map())
      const room = hasReservedRoom ? reserved : ordinary
      shelf = { shards, marks: new Map(), room }
      shelves.set(name, shelf)
      for (const entries of shelf.shards) rows.push({ entries, room })
      rows.push({ entries: shelf.marks, room: undefined })
    }
    return shelf
  }

  /** Takes the dead from the front of each row, beginning at the row where it last stopped. */
  function evict(limit: number, at: number): number {
    let evicted = 0
    for (let visited = 0; visited < rows.length && evicted < limit; visited++) {
      const { entries, room } = rows[nextRow] as Row // `nextRow` stays in range
      const dead = evictFront(entries, limit - evicted, at)
      evicted += dead
      if (room !== undefined) room.filed -= dead
      if (evicted < limit) nextRow = (nextRow + 1) % rows.length
    }
    return evicted
  }

  /** Purposes with reserved room may use every place, all others what that room, or its need, leaves. */
  function isFull(room: Room): boolean {
    const kept = room === reserved ? reserved.filed : Math.max(reserved.filed, reservedPlaces)
    return ordinary.filed + kept >= maxTokens
  }

  function checkRoom(room: Room, at: number): void {
    if (isFull(room)) evict(evictedWhenFull, at)
    if (isFull(room))
      throw unavailable('There is no room for another token.', { retryAfterSeconds: 5 })
  }

  return {
    async issue({ key, purpose, sub, id, name, scope, context, mark }) {
      const at = readClock()
      const shelf = shelfOf(purpose)
      if (isEnded(findMark(shelf, sub, at), mark)) return undefined
      checkRoom(shelf.room, at)
      const expiresAt = at + purpose.ttlSeconds * 1000
      const capAt = at + longestLifeSeconds(purpose) * 1000
      const entry = {
        id,
        sub,
        name,
        scope,
        context,
        mark,
        issuedAt: at,
        capAt,
        expiresAt,
        refreshCount: 0,
      }
      shardOf(shelf, key.hash).set(key.hash, entry)
      shelf.room.filed++
      return copyOf(entry, purpose, at)
    },

    async reinflate(keys, purpose) {
      const at = readClock()
      const shelf = shelfOf(purpose)
      return keys.map(({ hash }) => {
        const entry = findAlive(shelf, hash, at)
        if (entry === undefined) return undefined
        entry.expiresAt = Math.max(
          entry.expiresAt,
          Math.min(at + purpose.ttlSeconds * 1000, entry.capAt),
        )
        entry.refreshCount++
        const shard = shardOf(shelf, hash)
        shard.delete(hash)
        shard.set(hash, entry)
        return copyOf(entry, purpose, at)
      })
    },

    async peek({ hash }, purpose) {
      const at = readClock()
      const entry = findAlive(shelfOf(purpose), hash, at)
      return entry && copyOf(entry, purpose, at)
    },

    take: remove,
    revoke: remove,

    async revokeSubject(sub, purposes) {
      const at = readClock()
      for (const purpose of purposes) {
        const { marks } = shelfOf(purpose)
        marks.delete(sub)
        marks.set(sub, {
          mark: randomUUID() as string as Mark,
          expiresAt: at + markLifeSeconds(purpose) * 1000,
        })
      }
    },

    async marks(sub, purposes) {
      const at = readClock()
      const found = purposes.map(
        (purpose) => [purpose.name, findMark(shelfOf(purpose), sub, at)] as const,
      )
      return new Map(found.filter((one): one is [string, Mark] => one[1] !== undefined))
    },

    async evictExpired(limit) {
      const evicted = evict(limit, readClock())
      return { evicted, isDone: evicted < limit }
    },

    async count() {
      readClock()
      return ordinary.filed + reserved.filed
    },

    async ping() {
      readClock()
    },

    async close() {
      isClosed = true
      shelves.clear()
      rows.length = 0
    },
  }

  async function remove({ hash }: TokenKey, purpose: Purpose): Promise<LivingToken | undefined> {
    const at = readClock()
    const shelf = shelfOf(purpose)
    const entry = findAlive(shelf, hash, at)
    if (entry === undefined) return undefined
    shardOf(shelf, hash).delete(hash)
    shelf.room.filed--
    return copyOf(entry, purpose, at)
  }
}

function shardOf(shelf: Shelf, hash: TokenHash): Map<TokenHash, Entry> {
  return shelf.shards[hash.charCodeAt(0) % shardCount] as Map<TokenHash, Entry> // a shard for every remainder
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

function evictFront(entries: Row['entries'], limit: number, at: number): number {
  let evicted = 0
  for (const [key, { expiresAt }] of entries) {
    if (at < expiresAt || evicted === limit) break
    entries.delete(key)
    evicted++
  }
  return evicted
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
