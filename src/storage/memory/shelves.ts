/**
 * Where the tokens of one process lie: a shelf per purpose, each in order of expiry, with a limit on all of them.
 *
 * All tokens of a purpose live equally long after they were last touched, so a `Map` in order of insertion is in order
 * of expiry: to reinflate is to delete and insert, the next to die stands in front, and eviction costs what it evicts.
 * (A token close to its cap dies earlier than its place says; it is evicted at most one TTL later.)
 *
 * A shelf is cut into shards, because a `Map` now and then moves all its entries at once: of a million, that would take
 * longer than a request may wait.
 */
import { unavailable } from '../../http/refusal.ts'
import type { Mark, NewToken, Purpose, TokenHash } from '../ports.ts'

type Filed = Pick<NewToken, 'id' | 'sub' | 'name' | 'scope' | 'context' | 'mark'>

/** A token as it is filed. What passes is kept as milliseconds since the issue: small integers need no memory of their own. */
export class Entry {
  readonly id: Filed['id']
  readonly sub: string
  readonly name: string
  readonly scope: string
  readonly context: string
  readonly mark: Mark | undefined
  readonly issuedAt: number
  readonly #longestLife: number
  #life: number
  refreshCount = 0

  constructor(
    { id, sub, name, scope, context, mark }: Filed,
    issuedAt: number,
    life: number,
    longestLife: number,
  ) {
    this.id = id
    this.sub = sub
    this.name = name
    this.scope = scope
    this.context = context
    this.mark = mark
    this.issuedAt = issuedAt
    this.#longestLife = longestLife
    this.#life = life
  }

  get expiresAt(): number {
    return this.issuedAt + this.#life
  }

  get capAt(): number {
    return this.issuedAt + this.#longestLife
  }

  /** Moves the expiry forward, never past the cap and never back. */
  extendTo(instant: number): void {
    this.#life = Math.max(this.#life, Math.min(instant - this.issuedAt, this.#longestLife))
    this.refreshCount++
  }
}

export interface MarkEntry {
  readonly mark: Mark
  readonly expiresAt: number
}

/** The places of the purposes with reserved room, or those of all others. */
interface Room {
  filed: number
}

export interface Shelf {
  readonly shards: readonly Map<TokenHash, Entry>[]
  /** By subject. All marks of a purpose are kept equally long, so these too stand in order of expiry. */
  readonly marks: Map<string, MarkEntry>
  /** What set marks, by subject and change, for as long as those: in order of expiry for the same reason. */
  readonly changes: Map<string, { readonly expiresAt: number }>
  readonly room: Room
}

export interface ShelvesOptions {
  /** How many tokens are filed at most. */
  readonly maxTokens: number
  /** How many of these places only purposes with reserved room may use. */
  readonly reservedPlaces: number
}

export interface Shelves {
  /** The shelf of a purpose, empty at first. */
  of(purpose: Purpose): Shelf
  /** Files on that shelf, or refuses with 503 where even the eviction of the dead leaves no place. */
  file(shelf: Shelf, hash: TokenHash, entry: Entry): void
  remove(shelf: Shelf, hash: TokenHash): void
  /** Takes at most `limit` of what is dead at this instant, beginning where it last stopped. Answers how many. */
  evict(limit: number, at: number): number
  /** How many tokens are filed. */
  count(): number
  /** By the names of their purposes; those without any are missing. */
  countByPurpose(): Readonly<Record<string, number>>
  clear(): void
}

const shardCount = 64
/** What full shelves evict before they refuse. */
const evictedWhenFull = 1_000

/** Entries in order of expiry. */
interface Row {
  readonly entries: Map<string, { readonly expiresAt: number }>
  /** Where its entries are counted; marks and changes are not. */
  readonly room: Room | undefined
}

export function createShelves({ maxTokens, reservedPlaces }: ShelvesOptions): Shelves {
  const shelves = new Map<string, Shelf>()
  const rows: Row[] = []
  const reserved: Room = { filed: 0 }
  const ordinary: Room = { filed: 0 }
  let nextRow = 0

  /** Purposes with reserved room may use every place, all others what that room, or its need, leaves. */
  function isFull(room: Room): boolean {
    const kept = room === reserved ? reserved.filed : Math.max(reserved.filed, reservedPlaces)
    return ordinary.filed + kept >= maxTokens
  }

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

  function add({ name, hasReservedRoom }: Purpose): Shelf {
    const shards = Array.from({ length: shardCount }, () => new Map())
    const room = hasReservedRoom ? reserved : ordinary
    const shelf = { shards, marks: new Map(), changes: new Map(), room }
    shelves.set(name, shelf)
    for (const entries of shards) rows.push({ entries, room: shelf.room })
    for (const entries of [shelf.marks, shelf.changes]) rows.push({ entries, room: undefined })
    return shelf
  }

  return {
    of: (purpose) => shelves.get(purpose.name) ?? add(purpose),
    file(shelf, hash, entry) {
      if (isFull(shelf.room)) evict(evictedWhenFull, entry.issuedAt)
      if (isFull(shelf.room)) {
        throw unavailable('There is no room for another token.', { retryAfterSeconds: 5 })
      }
      shardOf(shelf, hash).set(hash, entry)
      shelf.room.filed++
    },
    remove(shelf, hash) {
      if (shardOf(shelf, hash).delete(hash)) shelf.room.filed--
    },
    evict,
    count: () => ordinary.filed + reserved.filed,
    countByPurpose() {
      const counts = [...shelves].map(([name, { shards }]) => {
        return [name, shards.reduce((sum, { size }) => sum + size, 0)] as const
      })
      return Object.fromEntries(counts.filter(([, count]) => count > 0))
    },
    clear() {
      shelves.clear()
      rows.length = 0
    },
  }
}

export function shardOf({ shards }: Shelf, hash: TokenHash): Map<TokenHash, Entry> {
  return shards[hash.charCodeAt(0) % shardCount] as Map<TokenHash, Entry> // a shard for every remainder
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
