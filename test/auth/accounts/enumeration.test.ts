/** With verified registration nobody learns which addresses have accounts: not by answers, and not by the work. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { BoundStatement } from '../../../src/storage/backing.ts'
import { memoryTokenStore } from '../../../src/storage/memory/tokens.ts'
import type { TokenStore } from '../../../src/storage/ports.ts'
import type { Database } from '../../../src/storage/postgres/database.ts'
import { postgresUserStore } from '../../../src/storage/postgres/users.ts'
import { cheapPasswords } from '../../kit/auth-parts.ts'
import { skipUnless } from '../../kit/installed.ts'
import { openAccountBacking } from '../../storage/postgres/open-stores.ts'
import { ann, startAccounts } from './accounts-kit.ts'
import { administer } from './administer.ts'
import { sharePostgresAccounts } from './open-postgres-accounts.ts'

const addresses = {
  known: ann.username,
  unknown: 'nobody@example.com',
  disabled: 'disabled@example.com',
  unverified: 'pending@example.com',
}

describe('an address', { skip: skipUnless('postgres') }, () => {
  const { server } = sharePostgresAccounts()

  for (const path of ['/register', '/password-reset'])
    it(`is told by nothing that ${path} answers or does`, async (t) => {
      const { ask } = await start(t)

      const seen = []
      for (const username of Object.values(addresses)) seen.push(await ask(path, username))

      const [first] = seen
      assert.deepEqual(
        seen,
        Object.values(addresses).map(() => first),
      )
      assert.equal(first?.work.includes('accounts'), true)
      assert.match(first.answer, /^HTTP 202\n/)
    })

  async function start(t: TestContext) {
    await server().emptyTables()
    const { backing } = await openAccountBacking(t, server().auth)
    const work: string[] = []
    const database = watched(backing.database, work)
    const { url, call, core } = await startAccounts(t, {
      environment: { REGISTRATION: 'verified' },
      users: postgresUserStore({ database }),
      accountBacking: { kind: 'postgres', database },
      tokens: watchedTokens(work),
      passwords: cheapPasswords({
        deriveKey: async () => {
          work.push('derive')
          return Buffer.alloc(32)
        },
      }),
    })
    const { accounts, act } = await administer(core)
    await accounts.ensure({ ...ann, roles: [] })
    const id = await accounts.ensure({ ...ann, username: addresses.disabled, roles: [] })
    await accounts.setDisabled(id, true, act)
    await call('POST', '/register', { json: { username: addresses.unverified } })
    return {
      ask: async (path: string, username: string) => {
        work.length = 0
        const headers = { 'content-type': 'application/json' }
        const body = JSON.stringify({ username })
        const response = await fetch(`${url}${path}`, { method: 'POST', headers, body })
        return { answer: await answerOf(response), work: work.join('\n') }
      },
    }
  }
})

/** All of it but the id of the request and the time. */
async function answerOf(response: Response): Promise<string> {
  const headers = [...response.headers].filter(([name]) => !['x-request-id', 'date'].includes(name))
  const lines = [`HTTP ${response.status}`, ...headers.map((one) => one.join(': ')), '']
  return [...lines, await response.text()].join('\n')
}

function watched(database: Database, work: string[]): Database {
  const note = ({ statement }: Pick<BoundStatement, 'statement'>) => void work.push(statement.name)
  return {
    ...database,
    run(statement, values, options) {
      note({ statement })
      return database.run(statement, values, options)
    },
    runTogether(statements) {
      for (const one of statements) note(one)
      return database.runTogether(statements)
    },
  }
}

function watchedTokens(work: string[]): TokenStore {
  const store = memoryTokenStore({ now: Date.now, maxTokens: 100, reservedPlaces: 1 })
  return new Proxy(store, {
    get(target, name, receiver) {
      work.push(`tokens ${String(name)}`)
      return Reflect.get(target, name, receiver) as unknown
    },
  })
}
