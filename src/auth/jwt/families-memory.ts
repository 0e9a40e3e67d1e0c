/**
 * Refresh families in the memory of one process. The marks are the token store's, so they are asked for first; nothing
 * awaits between judging by them and changing. A revocation that comes between is answered after that change: and the
 * family, which carries its mark, is dead from then on.
 */
import { unavailable } from '../../http/refusal.ts'
import type { Mark, TokenId } from '../../storage/ports.ts'
import { createFamilyShelf, type FamilyEntry } from './families-shelf.ts'
import type {
  FamilyLimits,
  FamilyPlace,
  FamilySweeper,
  LivingFamily,
  NewFamily,
  RefreshFamilies,
} from './refresh-families.ts'

export interface MemoryFamiliesOptions extends FamilyLimits {
  /** Epoch milliseconds. May step back: the store's own clock then stands still. */
  readonly now: () => number
  /** The mark of a subject for these families. */
  readonly markOf: (sub: string) => Promise<Mark | undefined>
  /** How many are filed at most. */
  readonly maxFamilies: number
}

interface Answer {
  readonly sealed: string
  readonly closesAt: number
}

export function memoryFamilies({
  now,
  markOf,
  purposeName,
  lifeSeconds,
  maxPerSubject,
  maxFamilies,
}: MemoryFamiliesOptions): RefreshFamilies & FamilySweeper {
  const shelf = createFamilyShelf()
  /** All windows are equally long, so they stand in the order in which they close. */
  const answers = new Map<TokenId, Answer>()
  let latest = 0

  function readClock(): number {
    latest = Math.max(latest, now())
    return latest
  }

  /** Of the subject of a family, which may be gone once this is known. */
  async function markAt(place: FamilyPlace): Promise<Mark | undefined> {
    return await markOf(shelf.find(place)?.sub ?? '')
  }

  /** The one place that judges, by the mark that was just read. */
  function findAlive(place: FamilyPlace, mark: Mark | undefined): FamilyEntry | undefined {
    const entry = shelf.find(place)
    if (entry === undefined || readClock() >= entry.expiresAt) return undefined
    return isEnded(entry, mark) ? undefined : entry
  }

  function remove(entry: FamilyEntry): void {
    shelf.remove(entry)
    answers.delete(entry.id)
  }

  /** Leaves room for one more. */
  function removeSurplus(subjectTag: string, mark: Mark | undefined, at: number): void {
    const isDead = (one: FamilyEntry) => at >= one.expiresAt || isEnded(one, mark)
    for (const entry of shelf.ofSubject(subjectTag).filter(isDead)) remove(entry)
    const living = shelf.ofSubject(subjectTag).sort((one, other) => one.rotatedAt - other.rotatedAt)
    for (const entry of living.slice(0, Math.max(0, living.length + 1 - maxPerSubject)))
      remove(entry)
  }

  function evictFamilies(limit: number, at: number): number {
    return takeFront(shelf.inOrder(), limit, ({ expiresAt }) => expiresAt <= at).map(remove).length
  }

  function eraseAnswers(limit: number, at: number): number {
    const closed = takeFront(answers, limit, ([, { closesAt }]) => closesAt <= at)
    return closed.map(([id]) => answers.delete(id)).length
  }

  return {
    async open({ place, sub, clientId, scope, source, tokenHash, mark }: NewFamily) {
      const present = await markOf(sub)
      const at = readClock()
      if (isEnded({ mark }, present)) return undefined
      removeSurplus(place.subjectTag, present, at)
      if (shelf.count() >= maxFamilies) evictFamilies(evictedWhenFull, at)
      if (shelf.count() >= maxFamilies)
        throw unavailable('There is no room for another login.', { retryAfterSeconds: 5 })
      const entry: FamilyEntry = {
        ...place,
        sub,
        clientId,
        scope,
        source,
        mark,
        tokenHash,
        previousHash: undefined,
        issuedAt: at,
        rotatedAt: at,
        expiresAt: at + lifeSeconds * 1000,
        rotations: 0,
      }
      shelf.file(entry)
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

    async list(subjectTag) {
      const filed = shelf.ofSubject(subjectTag)
      const mark = await markOf(filed[0]?.sub ?? '')
      const found = filed.map(({ id }) => findAlive({ subjectTag, id }, mark))
      const living = found.filter((entry) => entry !== undefined)
      return living.map((entry) => copyOf(entry, readClock()))
    },

    async kill(place) {
      const entry = findAlive(place, await markAt(place))
      if (entry === undefined) return undefined
      remove(entry)
      return copyOf(entry, readClock())
    },

    async census() {
      const count = shelf.count()
      return { counts: count === 0 ? {} : { [purposeName]: count }, isSampled: false }
    },

    async evictExpired(limit) {
      const at = readClock()
      const found = { families: evictFamilies(limit, at), answers: eraseAnswers(limit, at) }
      return { ...found, isDone: found.families < limit && found.answers < limit }
    },
  }
}

function takeFront<T>(entries: Iterable<T>, limit: number, isDue: (entry: T) => boolean): T[] {
  const taken: T[] = []
  for (const entry of entries) {
    if (!isDue(entry) || taken.length === limit) break
    taken.push(entry)
  }
  return taken
}

/** What a full memory evicts before it refuses. */
const evictedWhenFull = 1_000

function isEnded({ mark: own }: Pick<FamilyEntry, 'mark'>, present: Mark | undefined): boolean {
  return present !== undefined && present !== own
}

function copyOf(entry: FamilyEntry, judgedAt: number): LivingFamily {
  const { id, sub, clientId, scope, source, tokenHash, rotations } = entry
  const { issuedAt, rotatedAt, expiresAt } = entry
  const times = { issuedAt, rotatedAt, expiresAt, judgedAt }
  return { id, sub, clientId, scope, source, tokenHash, rotations, ...times }
}
