/** One real Postgres for all tests of a file, as the role that auth is; each test finds it empty. */
import type { TestContext } from 'node:test'
import { systemClock } from '../../../src/clock.ts'
import type { TokenStore } from '../../../src/storage/ports.ts'
import {
  openPostgresContent,
  openPostgresTokenStore,
  openPostgresUserStore,
} from '../../../src/storage/postgres/open.ts'
import { type PostgresUrl, parseStoreUrl } from '../../../src/store-url.ts'
import { recordedLog } from '../../kit/log.ts'
import { startProvisioned } from '../../kit/provisioned.ts'
import { share } from '../../kit/shared-servers.ts'
import { type Opened, passRealTime } from '../token-store-kit.ts'
import type { OpenedUsers } from '../user-store-kit.ts'

export function parsePostgresUrl(text: string): PostgresUrl {
  const url = parseStoreUrl(text)
  if (url?.kind !== 'postgres') throw new TypeError('no URL of a Postgres')
  return url
}

/** A store that ends with the test, and what an adapter of a capability works on. */
export async function openTokenBacking(t: TestContext, url: string) {
  const opened = await openPostgresTokenStore({
    url: parsePostgresUrl(url),
    clock: systemClock,
    log: recordedLog(),
    migrations: [],
  })
  t.after(() => opened.tokens.close())
  return opened
}

/** A store that ends with the test. */
export async function openTokens(t: TestContext, url: string) {
  return (await openTokenBacking(t, url)).tokens
}

/** A store that ends with the test, and what an adapter of a capability works on. */
export async function openAccountBacking(t: TestContext, url: string) {
  const opened = await openPostgresUserStore({
    url: parsePostgresUrl(url),
    clock: systemClock,
    log: recordedLog(),
    migrations: [],
  })
  t.after(() => opened.users.close())
  return opened
}

/** What an adapter of a capability of business works on. It ends with the test. */
export async function openContentBacking(t: TestContext, url: string) {
  const backing = await openPostgresContent({
    url: parsePostgresUrl(url),
    clock: systemClock,
    log: recordedLog(),
    migrations: [],
  })
  t.after(() => backing.database.close())
  return backing
}

/** A store that ends with the test. */
export async function openUsers(t: TestContext, url: string) {
  return (await openAccountBacking(t, url)).users
}

/** To be called once in a file. */
export function sharePostgres() {
  const server = share((context) => startProvisioned(context))
  /** A property test opens many times in one test: its runs share the connections. */
  const storesByTest = new WeakMap<TestContext, TokenStore>()
  return {
    server,
    open: async (t: TestContext): Promise<Opened> => {
      await server().emptyTables()
      const store = storesByTest.get(t) ?? (await openTokens(t, server().auth))
      storesByTest.set(t, store)
      return { store, pass: passRealTime }
    },
    openUsers: async (t: TestContext): Promise<OpenedUsers> => {
      await server().emptyTables()
      return { store: await openUsers(t, server().auth) }
    },
  }
}
