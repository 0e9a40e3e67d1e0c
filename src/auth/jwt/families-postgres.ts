/** Refresh families in Postgres, beside the tokens. */
import type { TokenHash } from '../../storage/ports.ts'
import { takeCensus } from '../../storage/postgres/census.ts'
import type { Database, Row } from '../../storage/postgres/database.ts'
import { census, familyStatements } from './families-postgres-statements.ts'
import { encodeFamily, type FamilyFields, readFamily } from './family-record.ts'
import type {
  FamilyLimits,
  FamilyPlace,
  FamilySweeper,
  LivingFamily,
  RefreshFamilies,
} from './refresh-families.ts'

export interface PostgresFamiliesOptions extends FamilyLimits {
  readonly database: Database
}

const once = { isRepeatable: false }
const repeatable = { isRepeatable: true }

export function postgresFamilies({
  database,
  purposeName,
  lifeSeconds,
  maxPerSubject,
}: PostgresFamiliesOptions): RefreshFamilies & FamilySweeper {
  const valuesOf = ({ id, subjectTag }: FamilyPlace) => [id, subjectTag, purposeName]

  async function count(statement: keyof typeof familyStatements, limit: number): Promise<number> {
    const [row] = await database.run(familyStatements[statement], [limit], once)
    return Number(row?.[0])
  }

  return {
    async open(family) {
      const { place, tokenHash, mark = null } = family
      const limits = [lifeSeconds * 1000, maxPerSubject - 1]
      const values = [...valuesOf(place), mark, tokenHash, encodeFamily(family), ...limits]
      const [row] = await database.run(familyStatements.open, values, once)
      return readRow(row)
    },

    async rotate(place, { presented, next, sealedAnswer, retrySeconds }) {
      const values = [...valuesOf(place), presented, next, sealedAnswer, retrySeconds * 1000]
      const [row] = await database.run(familyStatements.rotate, values, once)
      const [kind, answer, ...family] = row ?? []
      if (kind === 'rotated') return { kind }
      if (kind === 'repeat') return { kind, sealedAnswer: String(answer) }
      const reused = readRow(family)
      return reused === undefined ? { kind: 'unknown' } : { kind: 'reused', family: reused }
    },

    async peek(places) {
      const ids = places.map(({ id }) => id)
      const tags = places.map(({ subjectTag }) => subjectTag)
      const values = [ids, tags, purposeName]
      const rows = await database.run(familyStatements.peek, values, repeatable)
      const found = new Map(rows.map(([place, ...row]) => [Number(place), row]))
      return places.map((_, index) => readRow(found.get(index + 1)))
    },

    async list(subjectTag) {
      const rows = await database.run(familyStatements.list, [subjectTag, purposeName], repeatable)
      return rows.map(readRow).filter((family) => family !== undefined)
    },

    async kill(place) {
      const [row] = await database.run(familyStatements.kill, valuesOf(place), once)
      return readRow(row)
    },

    async census() {
      return await takeCensus(database, census, [purposeName])
    },

    async evictExpired(limit) {
      const families = await count('evict', limit)
      const answers = await count('erase', limit)
      return { families, answers, isDone: families < limit && answers < limit }
    },
  }
}

function readRow(row: Row = []): LivingFamily | undefined {
  if (row.length === 0) return undefined
  const [record, tokenHash, issuedAt, rotatedAt, expiresAt, rotations, judgedAt] = row as readonly [
    string,
    TokenHash,
    number,
    number,
    number,
    number,
    number,
  ] // as the statements answer
  const known = readFamily(JSON.parse(record) as FamilyFields) // nobody else writes here
  return { ...known, tokenHash, issuedAt, rotatedAt, expiresAt, rotations, judgedAt }
}
