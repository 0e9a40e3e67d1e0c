/** The stores that auth is put on: a test that is written once asks the same of each. */
import { describe, type TestContext } from 'node:test'
import { memoryTokenStore } from '../../src/storage/memory/tokens.ts'
import { memoryUserTable } from '../../src/storage/memory/user-table.ts'
import { memoryUserStore } from '../../src/storage/memory/users.ts'
import { skipUnless } from '../kit/installed.ts'
import { startProvisioned } from '../kit/provisioned.ts'
import type { TestAuthOptions } from '../kit/servers.ts'
import { share } from '../kit/shared-servers.ts'
import { openAccountBacking, openTokenBacking } from './postgres/open-stores.ts'
import { openBacking, shareRedis } from './redis/open-tokens.ts'

export type AuthStores = Required<
  Pick<TestAuthOptions, 'tokens' | 'tokenBacking' | 'users' | 'accountBacking'>
>

export interface StoresOfAuth {
  /** Empty ones, which end with the test. */
  open(t: TestContext): Promise<AuthStores>
  /** The same once more, as another process has them. `undefined` in memory, which no other has. */
  openAgain(t: TestContext): Promise<AuthStores | undefined>
}

/** A test that waits in vain ends with its store's. */
const timeout = 180_000

/** To be called once in a file. */
export function describeOnEachStore(subject: string, tests: (stores: StoresOfAuth) => void): void {
  describe(`${subject}, in memory`, { timeout }, () => tests(memoryStores))

  describe(subject, { skip: skipUnless('redis-server', 'postgres') }, () => {
    const redis = shareRedis()
    const postgres = share((context) => startProvisioned(context))

    async function openAccounts(t: TestContext) {
      const { users, backing } = await openAccountBacking(t, postgres().auth)
      return { users, accountBacking: backing }
    }

    async function openWithRedis(t: TestContext): Promise<AuthStores> {
      const { tokens, backing } = openBacking(t, redis.url())
      return { ...(await openAccounts(t)), tokens, tokenBacking: backing }
    }

    async function openInPostgres(t: TestContext): Promise<AuthStores> {
      const { tokens, backing } = await openTokenBacking(t, postgres().auth)
      return { ...(await openAccounts(t)), tokens, tokenBacking: backing }
    }

    function emptiedBefore(openAgain: (t: TestContext) => Promise<AuthStores>): StoresOfAuth {
      return {
        openAgain,
        async open(t) {
          await redis.server().cli('FLUSHALL')
          await postgres().emptyTables()
          return await openAgain(t)
        },
      }
    }

    describe('with tokens in Redis and accounts in Postgres', { timeout }, () =>
      tests(emptiedBefore(openWithRedis)),
    )
    describe('with both in Postgres', { timeout }, () => tests(emptiedBefore(openInPostgres)))
  })
}

const memoryStores: StoresOfAuth = {
  async open() {
    const users = memoryUserTable()
    return {
      tokens: memoryTokenStore({ now: Date.now, maxTokens: 10_000, reservedPlaces: 1_000 }),
      tokenBacking: { kind: 'memory' },
      users: memoryUserStore(users),
      accountBacking: { kind: 'memory', users },
    }
  },
  openAgain: async () => undefined,
}
