/** Accounts in one real Postgres for all tests of a file, as the role that auth is; each test finds it empty. */
import type { TestContext } from 'node:test'
import { postgresAccountStores } from '../../../src/auth/accounts/postgres.ts'
import { databaseName } from '../../kit/database-roles.ts'
import { startProvisioned } from '../../kit/provisioned.ts'
import { share } from '../../kit/shared-servers.ts'
import { openAccountBacking } from '../../storage/postgres/open-stores.ts'
import { neighboursOn, type OpenedAccounts } from './account-store-kit.ts'

const madeForTests = `create table auth.kept (place serial, text text);
  grant select, insert on auth.kept to sallyport_auth;
  grant usage on auth.kept_place_seq to sallyport_auth`
const keep = { name: 'keep', text: 'insert into auth.kept (text) values ($1)' }
const readKept = { name: 'read_kept', text: 'select text from auth.kept order by place' }

/** To be called once in a file. */
export function sharePostgresAccounts() {
  const server = share(async (context) => {
    const provisioned = await startProvisioned(context)
    await provisioned.postgres.psql(madeForTests, databaseName)
    return provisioned
  })

  async function open(t: TestContext): Promise<OpenedAccounts> {
    await server().emptyTables()
    const { users, backing } = await openAccountBacking(t, server().auth)
    const { database } = backing
    const neighbours = neighboursOn({
      now: () => {
        throw new TypeError('this is not memory')
      },
      statement: (text) => ({ statement: keep, values: [text] }),
    })
    const kept = async () => {
      const rows = await database.run(readKept, [], { isRepeatable: true })
      return rows.map(([text]) => String(text))
    }
    return { ...postgresAccountStores({ database, ...neighbours }), users, kept }
  }

  return { server, open }
}
