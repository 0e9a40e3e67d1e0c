/**
 * Tokens in Postgres, for as many auth processes as there are. Those that slide have a table of their own, because it
 * alone may do without a log of its changes.
 *
 * There is no bound of ours on how many are filed: the disk has one, and whoever files a token has shown a password.
 */
import { randomUUID } from 'node:crypto'
import {
  type LivingToken,
  longestLifeSeconds,
  type Mark,
  markLifeSeconds,
  type Purpose,
  subjectTagOf,
  type TokenKey,
  type TokenStore,
  type TokenSweeper,
} from '../ports.ts'
import { decodeRecord, encodeRecord } from '../record.ts'
import { censusStatement, takeCensus } from './census.ts'
import type { Database, Row } from './database.ts'
import { markChangeStatements } from './mark-changes.ts'
import { countTokens, markStatements, type TokenTable, tokenStatements } from './statements.ts'

/** The same database by connections of their own, so that nobody waits behind another kind of work. */
export interface PostgresTokenStoreOptions {
  /** For what strangers can ask for as often as they like. */
  readonly database: Database
  /** For the tokens of purposes that have reserved room: they must go on whatever strangers do. */
  readonly reservedDatabase: Database
  /** For what may be forgotten by a crash: how long a session lives on. */
  readonly hastyDatabase: Database
}

const census = censusStatement('tokens_census', [
  { table: 'auth.sessions', purpose: 'purpose' },
  { table: 'auth.tokens', purpose: 'purpose' },
])

/** Any number, the same in all processes: who holds it cleans up. */
export const cleanupLock = 7_216_954
const once = { isRepeatable: false }
const repeatable = { isRepeatable: true }

export function postgresTokenStore({
  database,
  reservedDatabase,
  hastyDatabase,
}: PostgresTokenStoreOptions): TokenStore & TokenSweeper {
  const databaseFor = ({ hasReservedRoom }: Purpose) =>
    hasReservedRoom ? reservedDatabase : database

  async function remove(key: TokenKey, purpose: Purpose): Promise<LivingToken | undefined> {
    const { remove } = tokenStatements[tableOf(purpose)]
    const rows = await databaseFor(purpose).run(remove, placeOf(key, purpose), once)
    return readRow(rows, purpose)
  }

  async function peek(key: TokenKey, purpose: Purpose): Promise<LivingToken | undefined> {
    const { peek } = tokenStatements[tableOf(purpose)]
    const rows = await databaseFor(purpose).run(peek, placeOf(key, purpose), repeatable)
    return readRow(rows, purpose)
  }

  return {
    async issue(token) {
      const { key, purpose, mark = null } = token
      const lives = [purpose.ttlSeconds * 1000, longestLifeSeconds(purpose) * 1000]
      const values = [...placeOf(key, purpose), key.subjectTag, mark, encodeRecord(token), ...lives]
      const { issue } = tokenStatements[tableOf(purpose)]
      return readRow(await databaseFor(purpose).run(issue, values, once), purpose)
    },

    async reinflate(keys, purpose) {
      const hashes = keys.map(({ hash }) => printable(hash))
      const values = [hashes, purpose.name, purpose.ttlSeconds * 1000]
      const rows = await hastyDatabase.run(tokenStatements.sessions.reinflate, values, repeatable)
      const found = new Map(rows.map(([hash, ...row]) => [hash, row]))
      return hashes.map((hash) => readRow([found.get(hash) ?? []], purpose))
    },

    peek,
    take: remove,
    revoke: remove,

    async revokeSubject(sub, purposes, changeId) {
      const names = purposes.map(({ name }) => name)
      const marks = purposes.map(() => randomUUID())
      const lives = purposes.map((purpose) => markLifeSeconds(purpose) * 1000)
      const values = [subjectTagOf(sub), names, marks, lives]
      if (changeId === undefined) {
        // Once: a mark that was set again after a later one would bring back what that one ended.
        await database.run(markStatements.set, values, once)
      } else {
        const change = printable(changeId)
        await database.run(markChangeStatements.set, [...values, change], repeatable)
      }
      return { isLasting: true } // the disk has it
    },

    async marks(sub, purposes) {
      const names = purposes.map(({ name }) => name)
      const isReserved = purposes.every(({ hasReservedRoom }) => hasReservedRoom)
      const from = isReserved ? reservedDatabase : database
      const rows = await from.run(markStatements.read, [subjectTagOf(sub), names], repeatable)
      return new Map(rows as (readonly [string, Mark])[]) // as the statement answers
    },

    async census() {
      return await takeCensus(database, census)
    },

    async evictExpired(limit) {
      const { sessions, tokens } = tokenStatements
      let evicted = 0
      let left = limit
      const others = [markStatements.sweep, markChangeStatements.sweep]
      for (const statement of [sessions.sweep, tokens.sweep, ...others]) {
        if (left === 0) break
        const [row] = await database.run(statement, [left, cleanupLock], once)
        const [gone, looked] = row as readonly [number, number] // as the statements answer
        evicted += gone
        left -= looked
      }
      return { evicted, isDone: left > 0 }
    },

    async count() {
      const [row] = await database.run(countTokens, [], repeatable)
      return Number(row?.[0])
    },

    /** To ask for what is not there shows that Postgres would find what is, and write it. */
    async ping() {
      const { peek, reinflate } = tokenStatements.sessions
      await database.run(peek, ['', 'ping'], repeatable)
      await hastyDatabase.run(reinflate, [[''], 'ping', 0], repeatable)
    },

    async close() {
      await Promise.all([database, reservedDatabase, hastyDatabase].map((one) => one.close()))
    },
  }
}

function tableOf({ flavour }: Purpose): TokenTable {
  return flavour === 'reinflating' ? 'sessions' : 'tokens'
}

function placeOf({ hash }: TokenKey, purpose: Purpose): readonly string[] {
  return [printable(hash), purpose.name]
}

/** A NUL has no place in Postgres, and no hash of a token has one: what cannot be is looked for as something else. */
function printable(text: string): string {
  return text.replaceAll('\0', '\\0')
}

function readRow([row = []]: readonly Row[], purpose: Purpose): LivingToken | undefined {
  if (row.length === 0) return undefined
  const [record, issuedAt, expiresAt, capAt, refreshCount, judgedAt] = row as readonly [
    string,
    number,
    number,
    number,
    number,
    number,
  ] // as the statements answer
  return decodeRecord(record, purpose, { issuedAt, expiresAt, capAt, refreshCount, judgedAt })
}
