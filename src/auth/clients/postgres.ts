/** Clients in Postgres. Each change is one statement on one row, which waits for whoever changes the same row. */
import type { Database, Row } from '../../storage/postgres/database.ts'
import { clock, type Statement } from '../../storage/postgres/statements.ts'
import type { Client } from '../clients.ts'
import { isClientId } from './client-fields.ts'
import type { ClientStore, ClientView } from './client-store.ts'

const changing = (name: string, changes: string): Statement => ({
  name: `clients_${name}`,
  text: `update auth.clients set ${changes}, updated_at = ${clock} where id = $1 returning id`,
})

const statements = {
  create: {
    name: 'clients_create',
    text: `insert into auth.clients (id, name, scope, secret_hash, created_at, updated_at)
      select $1, $2, $3, $4, at, at from (select ${clock} as at) as judged
      on conflict do nothing returning id`,
  },
  find: {
    name: 'clients_find',
    text: `select id, scope, secret_hash, previous_hash from auth.clients
      where id = $1 and not is_disabled`,
  },
  list: {
    name: 'clients_list',
    text: `select id, name, scope, is_disabled, (previous_hash is not null)::int + 1, created_at, updated_at
      from auth.clients where id > $1 order by id limit $2`,
  },
  setDisabled: changing('set_disabled', 'is_disabled = $2'),
  rotateSecret: changing('rotate_secret', 'previous_hash = secret_hash, secret_hash = $2'),
  dropOldSecret: changing('drop_old_secret', 'previous_hash = null'),
} satisfies Record<string, Statement>

const once = { isRepeatable: false }
const repeatable = { isRepeatable: true }

export function postgresClientStore({ database }: { database: Database }): ClientStore {
  /** What cannot be the id of a client is not asked for: Postgres holds no NUL. */
  async function change(statement: Statement, id: string, ...values: readonly unknown[]) {
    return isClientId(id) && (await database.run(statement, [id, ...values], once)).length > 0
  }

  return {
    async create({ id, name, scopes, secretHash }) {
      const values = [id, name, scopes.join(' '), toText(secretHash)]
      return (await database.run(statements.create, values, once)).length > 0
    },
    async find(id) {
      if (!isClientId(id)) return undefined
      const [row] = await database.run(statements.find, [id], repeatable)
      return row && readClient(row)
    },
    async list({ after = '', limit }) {
      return (await database.run(statements.list, [after, limit], repeatable)).map(readView)
    },
    setDisabled: (id, isDisabled) => change(statements.setDisabled, id, isDisabled),
    rotateSecret: (id, secretHash) => change(statements.rotateSecret, id, toText(secretHash)),
    dropOldSecret: (id) => change(statements.dropOldSecret, id),
  }
}

function toText(secretHash: Buffer): string {
  return secretHash.toString('base64url')
}

function readClient([id, scope, newest, previous]: Row): Client {
  const hashes = [newest, previous].filter((one) => typeof one === 'string')
  return {
    id: String(id),
    scopes: String(scope).split(' '),
    secretHashes: hashes.map((one) => Buffer.from(one, 'base64url')),
  }
}

function readView([
  id,
  name,
  scope,
  isDisabled,
  secretCount,
  createdAt,
  updatedAt,
]: Row): ClientView {
  return {
    id: String(id),
    name: String(name),
    scopes: String(scope).split(' '),
    isDisabled: isDisabled === true,
    secretCount: Number(secretCount),
    createdAt: Number(createdAt),
    updatedAt: Number(updatedAt),
  }
}
