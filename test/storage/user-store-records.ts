/** Users come back whole, whatever their names are, and nobody outside can change what is inside. */
import assert from 'node:assert/strict'
import { hostileTexts } from './contract.ts'
import { newUser, passwordHash, type UserStoreCase } from './user-store-kit.ts'

const forged = { name: 'forged', isDisabled: true, passwordHash: passwordHash('forged') }

const copyCases: readonly UserStoreCase[] = [
  {
    sentence: 'keeps a copy of a user: what becomes of the original changes nothing',
    run: async ({ store }) => {
      const user = newUser()
      const original = structuredClone(user)
      await store.create(user)

      Object.assign(user, forged)

      assert.deepEqual(await store.findById(original.id), original)
      assert.deepEqual(await store.findByUsername(original.username), original)
    },
  },
  {
    sentence: 'answers by id with a copy: what becomes of it changes nothing',
    run: async ({ store }) => {
      const user = newUser()
      await store.create(user)

      Object.assign((await store.findById(user.id)) ?? assert.fail('not found'), forged)

      assert.deepEqual(await store.findById(user.id), user)
    },
  },
  {
    sentence: 'answers by user name with a copy: what becomes of it changes nothing',
    run: async ({ store }) => {
      const user = newUser()
      await store.create(user)

      Object.assign((await store.findByUsername(user.username)) ?? assert.fail('not found'), forged)

      assert.deepEqual(await store.findByUsername(user.username), user)
    },
  },
]

const likenessCases: readonly UserStoreCase[] = [
  {
    sentence: 'compares user names as they are: to fold their case is not its business',
    run: async ({ store }) => {
      const lower = newUser({ username: 'user@example.com' })
      const upper = newUser({ username: 'User@example.com' })
      await store.create(lower)

      assert.equal(await store.findByUsername(upper.username), undefined)
      assert.equal(await store.create(upper), true)
      assert.deepEqual(await store.findByUsername(lower.username), lower)
    },
  },
  {
    sentence: 'compares user names as they are: to normalise them is not its business',
    run: async ({ store }) => {
      const composed = newUser({ username: '\u00e9@example.com' })
      await store.create(composed)

      assert.equal(await store.findByUsername('e\u0301@example.com'), undefined)
      assert.equal(await store.findByUsername(' \u00e9@example.com '), undefined)
    },
  },
  {
    sentence: 'finds nobody by id under a user name, nor by user name under an id',
    run: async ({ store }) => {
      const user = newUser()
      await store.create(user)

      assert.equal(await store.findById(user.username), undefined)
      assert.equal(await store.findByUsername(user.id), undefined)
    },
  },
  {
    sentence: 'finds nobody under the subject of a client',
    run: async ({ store }) => {
      await store.create(newUser())

      assert.equal(await store.findById('client:business'), undefined)
    },
  },
]

const hostileNameCases = hostileTexts.map(
  ([what, text]): UserStoreCase => ({
    sentence: `files and finds a user whose names have ${what} in them, and nobody else`,
    run: async ({ store }) => {
      const hostile = newUser({ username: text, name: text })
      const harmless = newUser()
      await store.create(harmless)
      const before = await store.findByUsername(text)

      const isCreated = await store.create(hostile)

      assert.equal(before, undefined)
      assert.equal(isCreated, true)
      assert.deepEqual(await store.findByUsername(text), hostile)
      assert.deepEqual(await store.findById(hostile.id), hostile)
      assert.deepEqual(await store.findById(harmless.id), harmless)
    },
  }),
)

const hostileIdCases = hostileTexts.map(
  ([what, text]): UserStoreCase => ({
    sentence: `finds nobody under an id with ${what} in it`,
    run: async ({ store }) => {
      await store.create(newUser())

      assert.equal(await store.findById(text), undefined)
      assert.equal(
        await store.replacePasswordHash(text, passwordHash('first'), passwordHash('second')),
        false,
      )
    },
  }),
)

export const userRecordCases = [
  ...copyCases,
  ...likenessCases,
  ...hostileNameCases,
  ...hostileIdCases,
]
