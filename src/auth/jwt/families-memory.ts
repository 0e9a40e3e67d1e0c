/**
 * Refresh families in the memory of one process. The marks are the token store's, so they are asked for first; nothing
 * awaits between judging by them and changing. A revocation that comes between is answered after that change: and the
 * family, which carries its mark, is dead from then on.
 */
import { unavailable } from '../../http/refusal.ts'
import type { Mark, TokenHash, TokenId } from '../../storage/ports.ts'
import type {
  FamilyLimits,
  FamilyPlace,
  FamilySweeper,
  LivingFamily,
  NewFamily,
  RefreshFamilies,
} from './refresh-families.ts'

export interface MemoryFamiliesOptions extends Omit<FamilyLimits, 'purposeName'> {
  /** Epoch milliseconds. May step back: the store's own clock then stands still. */
  readonly now: () => number
  /** The mark of a subject for these families. */
  readonly markOf: (sub: string) => Promise<Mark | undefined>
  /** How many are filed at most. */
  readonly maxFamilies: number
}

interface Entry extends Omit<LivingFamily, 'judgedAt'> {
  readonly subjectTag: string
  readonly mark: Mark | undefined
  previousHash: TokenHash | undefined
  tokenHash: TokenHash
  rotations: number
  rotatedAt: number
}

interface Answer {
  readonly sealed: string
  readonly closesAt: number
}

export function memoryFamilies({
  now,
  markOf,
  lifeSeconds,
  maxPerSubject,
  maxFamilies,
}: MemoryFamiliesOptions): RefreshFamilies & FamilySweeper {
  /** All live equally long, so they stand in order of expiry. */
  const families = new Map<TokenId, Entry>()
  const idsBySubject = new Map<string, Set<TokenId>>()
  /** All windows are equally long, so these too. */
  const answers = new Map<TokenId, Answer>()
  let latest = 0

  function readClock(): number {
    latest = Math.max(latest, now())
    return latest
  }

  function find({ subjectTag, id }: FamilyPlace): Entry | undefined {
    const entry = families.get(id)
    return entry?.subjectTag === subjectTag ? entry : undefined
  }

  /** Of the subject of a family, which may be gone once this is known. */
  async function markAt(place: FamilyPlace): Promise<Mark | undefined> {
    return await markOf(find(place)?.sub ?? '')
  }

  /** The one place that judges, by the mark that was just read. */
  function findAlive(place: FamilyPlace, mark: Mark | undefined): Entry | undefined {
    const entry = find(place)
    if (entry === undefined || readClock() >= entry.expiresAt) return undefined
    return isEnded(entry, mark) ? undefined : entry
  }

  function remove({ id, subjectTag }: Entry): void {
    families.delete(id)
    answers.delete(id)
    const ids = idsBySubject.get(subjectTag)
    ids?.delete(id)
    if (ids?.size === 0) idsBySubject.delete(subjectTag)
  }

  function file(entry: Entry): void {
    const { id, subjectTag } = entry
    families.set(id, entry)
    const ids = idsBySubject.get(subjectTag)
    if (ids === undefined) idsBySubject.set(subjectTag, new Set([id]))
    else ids.add(id)
  }

  function entriesOf(subjectTag: string): Entry[] {
    const ids = idsBySubject.get(subjectTag) ?? []
    return [...ids].map((id) => families.get(id)).filter((entry) => entry !== undefined)
  }

  /** Leaves room for one more. */
  function removeSurplus(subjectTag: string, mark: Mark | undefined, at: number): void {
    const isDead = (one: Entry) => at >= one.expiresAt || isEnded(one, mark)
    for (const entry of entriesOf(subjectTag).filter(isDead)) remove(entry)
    const living = entriesOf(subjectTag).sort((one, other) => one.rotatedAt - other.rotatedAt)
    for (const entry of living.slice(0, Math.max(0, living.length + 1 - maxPerSubject)))
      remove(entry)
  }

  function evictFamilies(limit: number, at: number): number {
    let evicted = 0
    for (const entry of families.values()) {
      if (at < entry.expiresAt || evicted === limit) break
      remove(entry)
      evicted++
    }
    return evicted
  }

  function eraseAnswers(limit: number, at: number): number {
    let erased = 0
    for (const [id, { closesAt }] of answers) {
      if (at < closesAt || erased === limit) break
      answers.delete(id)
      erased++
    }
    return erased
  }

  return {
    async open({ place, sub, clientId, scope, tokenHash, mark }: NewFamily) {
      const present = await markOf(sub)
      const at = readClock()
      if (isEnded({ mark }, present)) return undefined
      removeSurplus(place.subjectTag, present, at)
      if (families.size >= maxFamilies) evictFamilies(evictedWhenFull, at)
      if (families.size >= maxFamilies)
        throw unavailable('There is no room for another login.', { retryAfterSeconds: 5 })
      const entry: Entry = {
        id: place.id,
        subjectTag: place.subjectTag,
        sub,
        clientId,
        scope,
        mark,
        tokenHash,
        previousHash: undefined,
        issuedAt: at,
        rotatedAt: at,
        expiresAt: at + lifeSeconds * 1000,
        rotations: 0,
      }
      file(entry)
      return copyOf(entry, at)
    },

    async rotate(place, { presented, next, sealedAnswer, retrySeconds }) {
      const entry = findAlive(place, await markAt(place))
      if (entry === undefined) return { kind: 'unknown' }
      const at = readClock()
      const { id } = entry
      if (presented === entry.tokenHash) {
        entry.previousHash = presented
        entry.tokenHash = next
        entry.rotations++
        entry.rotatedAt = at
        answers.delete(id)
        if (retrySeconds > 0)
          answers.set(id, { sealed: sealedAnswer, closesAt: at + retrySeconds * 1000 })
        return { kind: 'rotated' }
      }
      const answer = answers.get(id)
      if (presented === entry.previousHash && answer !== undefined && at < answer.closesAt)
        return { kind: 'repeat', sealedAnswer: answer.sealed }
      remove(entry)
      return { kind: 'reused', family: copyOf(entry, at) }
    },

    async peek(places) {
      return await Promise.all(
        places.map(async (place) => {
          const entry = findAlive(place, await markAt(place))
          return entry && copyOf(entry, readClock())
        }),
      )
    },

    async kill(place) {
      const entry = findAlive(place, await markAt(place))
      if (entry === undefined) return undefined
      remove(entry)
      return copyOf(entry, readClock())
    },

    async evictExpired(limit) {
      const at = readClock()
      const found = { families: evictFamilies(limit, at), answers: eraseAnswers(limit, at) }
      return { ...found, isDone: found.families < limit && found.answers < limit }
    },
  }
}

/** What a full memory evicts before it refuses. */
const evictedWhenFull = 1_000

function isEnded({ mark: own }: Pick<Entry, 'mark'>, present: Mark | undefined): boolean {
  return present !== undefined && present !== own
}

function copyOf(entry: Entry, judgedAt: number): LivingFamily {
  const { id, sub, clientId, scope, tokenHash, issuedAt, expiresAt, rotations } = entry
  return { id, sub, clientId, scope, tokenHash, issuedAt, expiresAt, rotations, judgedAt }
}
