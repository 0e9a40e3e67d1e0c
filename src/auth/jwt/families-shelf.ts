/** Where the refresh families of one process lie: in order of expiry, since all live equally long, and by their subjects. */
import type { Mark, TokenHash, TokenId } from '../../storage/ports.ts'
import type { FamilyPlace, LivingFamily } from './refresh-families.ts'

export interface FamilyEntry extends Omit<LivingFamily, 'judgedAt'> {
  readonly subjectTag: string
  readonly mark: Mark | undefined
  previousHash: TokenHash | undefined
  tokenHash: TokenHash
  rotations: number
  rotatedAt: number
}

export interface FamilyShelf {
  find(place: FamilyPlace): FamilyEntry | undefined
  /** Those of a subject, dead ones among them. */
  ofSubject(subjectTag: string): FamilyEntry[]
  /** The next to die first. */
  inOrder(): Iterable<FamilyEntry>
  file(entry: FamilyEntry): void
  remove(entry: FamilyEntry): void
  count(): number
}

export function createFamilyShelf(): FamilyShelf {
  const families = new Map<TokenId, FamilyEntry>()
  const idsBySubject = new Map<string, Set<TokenId>>()

  return {
    find({ subjectTag, id }) {
      const entry = families.get(id)
      return entry?.subjectTag === subjectTag ? entry : undefined
    },
    ofSubject(subjectTag) {
      const ids = [...(idsBySubject.get(subjectTag) ?? [])]
      return ids.map((id) => families.get(id)).filter((entry) => entry !== undefined)
    },
    inOrder: () => families.values(),
    file(entry) {
      const { id, subjectTag } = entry
      families.set(id, entry)
      const ids = idsBySubject.get(subjectTag)
      if (ids === undefined) idsBySubject.set(subjectTag, new Set([id]))
      else ids.add(id)
    },
    remove({ id, subjectTag }) {
      families.delete(id)
      const ids = idsBySubject.get(subjectTag)
      ids?.delete(id)
      if (ids?.size === 0) idsBySubject.delete(subjectTag)
    },
    count: () => families.size,
  }
}
