/** Parts of auth that a test can look into or hold up. */
import type { TestContext } from 'node:test'
import { createPasswords, type Passwords } from '../../src/passwords/passwords.ts'
import { type DeriveKey, deriveByScrypt, type ScryptParameters } from '../../src/passwords/phc.ts'
import { createQueue } from '../../src/passwords/queue.ts'
import { memoryTokenStore } from '../../src/storage/memory/tokens.ts'
import type { TokenKey, TokenStore, TokenSweeper } from '../../src/storage/ports.ts'
import { createGate } from './gate.ts'
import { cheapParameters, startTestAuth, type TestAuthOptions } from './servers.ts'

export const correct = { username: 'user@example.com', password: 'correct horse' }

/** auth on a store whose tokens can be counted. */
export async function startCountedAuth(
  t: TestContext,
  options: Omit<TestAuthOptions, 'tokens'> & { readonly maxTokens?: number } = {},
) {
  const { maxTokens = 10_000, ...rest } = options
  const now = options.clock?.now ?? Date.now
  const tokens: TokenStore & TokenSweeper = memoryTokenStore({ now, maxTokens, reservedPlaces: 1 })
  const auth = await startTestAuth(t, { ...rest, tokens })
  return { ...auth, tokens, tokenCount: () => tokens.count() }
}

export function cheapPasswords({
  parameters = cheapParameters,
  deriveKey = deriveByScrypt,
  queue = createQueue({ concurrency: 2, maxWaiting: 100 }),
}: {
  parameters?: ScryptParameters
  deriveKey?: DeriveKey
  queue?: ReturnType<typeof createQueue>
} = {}): Passwords {
  return createPasswords({ parameters, queue, deriveKey })
}

/** Passwords whose verdict, once found, is kept back until the test releases it. */
export function heldPasswords() {
  const passwords = cheapPasswords()
  const checked = createGate()
  const release = createGate()
  const held: Passwords = {
    hash: (password) => passwords.hash(password),
    async check(password, stored) {
      const verdict = await passwords.check(password, stored)
      checked.open()
      await release.opened
      return verdict
    },
  }
  return { passwords: held, checked: checked.opened, release: () => release.open() }
}

/** A store that remembers the keys it was asked about by clients' tokens. */
export function watchedTokenStore() {
  const store = memoryTokenStore({ now: Date.now, maxTokens: 100, reservedPlaces: 1 })
  const keys: TokenKey[] = []
  const tokens: TokenStore = {
    ...store,
    async revoke(key, purpose) {
      keys.push(key)
      return await store.revoke(key, purpose)
    },
    async reinflate(asked, purpose) {
      keys.push(...asked)
      return await store.reinflate(asked, purpose)
    },
  }
  return { tokens, keys }
}
