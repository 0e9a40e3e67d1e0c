/** A bounded store: 12 tokens at most, 4 of the places reserved. Full, it refuses; it drops no living token. */
import assert from 'node:assert/strict'
import type { TokenStore } from '../../src/storage/ports.ts'
import type { TokenRequest } from '../../src/tokens/token.ts'
import { assertUnavailable } from './contract.ts'
import {
  briefService,
  briefSession,
  type Issued,
  isAlive,
  issue,
  newToken,
  type Room,
  service,
  session,
  type TokenStoreCase,
  verifyEmail,
} from './token-store-kit.ts'

export const testRoom: Room = { maxTokens: 12, reservedPlaces: 4 }

export const roomCases: readonly TokenStoreCase[] = [
  {
    sentence: 'refuses a login when it is full, and files nothing',
    run: async ({ store }) => {
      await fill(store, 8)
      const refused = newToken()

      await assertUnavailable(store.issue(refused))

      assert.equal(await isAlive(store, refused), false)
    },
  },
  {
    sentence: 'drops no living token when it refuses, and all of them still work',
    run: async ({ store }) => {
      const sessions = await fill(store, 7)
      const [code] = await fill(store, 1, { purpose: verifyEmail })
      const services = await fill(store, 4, { purpose: service })

      await assertUnavailable(store.issue(newToken()))
      await assertUnavailable(store.issue(newToken({ purpose: verifyEmail })))
      await assertUnavailable(store.issue(newToken({ purpose: service })))

      const keys = sessions.map(({ key }) => key)
      const reinflated = await store.reinflate(keys, session)
      assert.deepEqual(
        reinflated.map((token) => token?.refreshCount),
        sessions.map(() => 1),
      )
      for (const one of services) assert.equal(await isAlive(store, one, service), true)
      assert.ok(code !== undefined)
      assert.equal((await store.take(code.key, verifyEmail))?.id, code.living.id)
    },
  },
  {
    sentence: 'keeps the reserved places for purposes that may use them',
    run: async ({ store }) => {
      await fill(store, 8)
      await assertUnavailable(store.issue(newToken({ purpose: verifyEmail })))

      const services = fill(store, 4, { purpose: service })

      await assert.doesNotReject(services)
      for (const one of await services) assert.equal(await isAlive(store, one, service), true)
    },
  },
  {
    sentence: 'refuses also those with reserved room when every place is taken',
    run: async ({ store }) => {
      await fill(store, 12, { purpose: service })
      const refused = newToken({ purpose: service })

      await assertUnavailable(store.issue(refused))

      assert.equal(await isAlive(store, refused, service), false)
    },
  },
  {
    sentence: 'has a place again for each token that was revoked or taken',
    run: async ({ store }) => {
      const [one] = await fill(store, 7)
      const [code] = await fill(store, 1, { purpose: verifyEmail })
      assert.ok(one !== undefined && code !== undefined)

      await store.revoke(one.key, session)
      await store.take(code.key, verifyEmail)

      await fill(store, 2)
      await assertUnavailable(store.issue(newToken()))
    },
  },
  {
    sentence: 'gives no place back for a token that was revoked twice',
    run: async ({ store }) => {
      const [one] = await fill(store, 8)
      assert.ok(one !== undefined)

      await store.revoke(one.key, session)
      await store.revoke(one.key, session)

      await fill(store, 1)
      await assertUnavailable(store.issue(newToken()))
    },
  },
  {
    sentence: 'gives the places of the dead away before it refuses, and only those',
    run: async ({ store, pass }) => {
      const living = await fill(store, 3)
      await fill(store, 5, { purpose: briefSession })
      await fill(store, 4, { purpose: briefService })
      await assertUnavailable(store.issue(newToken()))

      await pass(2_400)

      const later = await fill(store, 5)
      await assertUnavailable(store.issue(newToken()))
      for (const one of [...living, ...later]) assert.equal(await isAlive(store, one), true)
    },
  },
  {
    sentence: 'files no more of 64 simultaneous tokens than it has places',
    run: async ({ store }) => {
      await fill(store, 5)
      const tokens = Array.from({ length: 64 }, () => newToken())

      const outcomes = await Promise.allSettled(tokens.map((token) => store.issue(token)))

      const issued = tokens.filter((_, index) => outcomes[index]?.status === 'fulfilled')
      assert.equal(issued.length, 3)
      for (const token of issued) assert.equal(await isAlive(store, token), true)
      for (const outcome of outcomes)
        if (outcome.status === 'rejected') await assertUnavailable(Promise.reject(outcome.reason))
    },
  },
]

async function fill(
  store: TokenStore,
  count: number,
  request: Partial<TokenRequest> = {},
): Promise<readonly Issued[]> {
  const issued: Issued[] = []
  while (issued.length < count) issued.push(await issue(store, request))
  return issued
}
