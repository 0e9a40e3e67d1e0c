/** Users in Postgres. The table itself keeps user names apart, so of simultaneous creators one succeeds. */
import type { PasswordHash, User, UserStore } from '../ports.ts'
import type { Database, Row } from './database.ts'
import type { Statement } from './statements.ts'
import { escapeText, unescapeText } from './text.ts'

const columns = 'id, username, name, password_hash, is_disabled'

export const userStatements = {
  create: {
    name: 'users_create',
    text: `insert into auth.users (${columns}) values ($1, $2, $3, $4, $5)
      on conflict do nothing returning id`,
  },
  findByUsername: {
    name: 'users_find_by_username',
    text: `select ${columns} from auth.users where username = $1`,
  },
  findById: { name: 'users_find_by_id', text: `select ${columns} from auth.users where id = $1` },
  replacePasswordHash: {
    name: 'users_replace_password_hash',
    text: `update auth.users set password_hash = $3 where id = $1 and password_hash = $2
      returning id`,
  },
} satisfies Record<string, Statement>

const once = { isRepeatable: false }
const repeatable = { isRepeatable: true }

export function postgresUserStore({ database }: { database: Database }): UserStore {
  return {
    async create({ id, username, name, passwordHash, isDisabled }) {
      const texts = [id, username, name, passwordHash].map(escapeText)
      return (await database.run(userStatements.create, [...texts, isDisabled], once)).length > 0
    },
    async findByUsername(username) {
      return readUser(
        await database.run(userStatements.findByUsername, [escapeText(username)], repeatable),
      )
    },
    async findById(id) {
      return readUser(await database.run(userStatements.findById, [escapeText(id)], repeatable))
    },
    async replacePasswordHash(id, from, to) {
      const values = [id, from, to].map(escapeText)
      return (await database.run(userStatements.replacePasswordHash, values, once)).length > 0
    },
    async ping() {
      await database.run(userStatements.findById, [''], repeatable)
    },
    close: () => database.close(),
  }
}

function readUser([row]: readonly Row[]): User | undefined {
  if (row === undefined) return undefined
  const [id = '', username = '', name = '', passwordHash = ''] = row
    .slice(0, 4)
    .map(String)
    .map(unescapeText)
  return {
    id,
    username,
    name,
    passwordHash: passwordHash as PasswordHash, // nobody else writes here
    isDisabled: row[4] === true,
  }
}
