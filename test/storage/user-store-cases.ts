/** Creating, finding and changing users one at a time, and what a closed store says. */
import assert from 'node:assert/strict'
import type { UserStore } from '../../src/storage/ports.ts'
import { assertUnavailable } from './contract.ts'
import { newUser, passwordHash, type UserStoreCase } from './user-store-kit.ts'

const absenceCases: readonly UserStoreCase[] = [
  {
    sentence: 'can do its work',
    run: async ({ store }) => {
      await store.ping()
    },
  },
  {
    sentence: 'knows nobody who was not created',
    run: async ({ store }) => {
      const { id, username } = newUser()

      assert.equal(await store.findById(id), undefined)
      assert.equal(await store.findByUsername(username), undefined)
    },
  },
  {
    sentence: 'changes no password of nobody, and creates nobody by it',
    run: async ({ store }) => {
      const { id, passwordHash: from } = newUser()

      const isReplaced = await store.replacePasswordHash(id, from, passwordHash('second'))

      assert.equal(isReplaced, false)
      assert.equal(await store.findById(id), undefined)
    },
  },
]

const creationCases: readonly UserStoreCase[] = [
  {
    sentence: 'finds a user by id and by user name, whole',
    run: async ({ store }) => {
      const user = newUser()
      const disabled = newUser({ isDisabled: true, name: 'Other' })

      assert.equal(await store.create(user), true)
      assert.equal(await store.create(disabled), true)

      assert.deepEqual(await store.findById(user.id), user)
      assert.deepEqual(await store.findByUsername(user.username), user)
      assert.deepEqual(await store.findById(disabled.id), disabled)
    },
  },
  {
    sentence: 'refuses a user name that is taken, and files nothing',
    run: async ({ store }) => {
      const user = newUser()
      const imitator = newUser({ username: user.username })
      await store.create(user)

      const isCreated = await store.create(imitator)

      assert.equal(isCreated, false)
      assert.equal(await store.findById(imitator.id), undefined)
      assert.deepEqual(await store.findByUsername(user.username), user)
    },
  },
  {
    sentence: 'refuses an id that is taken, and files nothing',
    run: async ({ store }) => {
      const user = newUser()
      const imitator = newUser({ id: user.id })
      await store.create(user)

      const isCreated = await store.create(imitator)

      assert.equal(isCreated, false)
      assert.equal(await store.findByUsername(imitator.username), undefined)
      assert.deepEqual(await store.findById(user.id), user)
    },
  },
  {
    sentence: 'keeps nothing of a refused user that would stand in the way of the next',
    run: async ({ store }) => {
      const user = newUser()
      const refused = newUser({ username: user.username })
      await store.create(user)
      await store.create(refused)

      const next = { ...refused, username: newUser().username }

      assert.equal(await store.create(next), true)
      assert.deepEqual(await store.findById(next.id), next)
    },
  },
  {
    sentence: 'lets several users have the same display name and the same password',
    run: async ({ store }) => {
      const [one, other] = [newUser(), newUser()]

      assert.equal(await store.create(one), true)
      assert.equal(await store.create(other), true)
    },
  },
]

const passwordCases: readonly UserStoreCase[] = [
  {
    sentence: 'swaps a password hash for another, and nothing else',
    run: async ({ store }) => {
      const user = newUser()
      await store.create(user)
      const second = passwordHash('second')

      const isReplaced = await store.replacePasswordHash(user.id, user.passwordHash, second)

      assert.equal(isReplaced, true)
      assert.deepEqual(await store.findById(user.id), { ...user, passwordHash: second })
      assert.deepEqual(await store.findByUsername(user.username), { ...user, passwordHash: second })
    },
  },
  {
    sentence: 'swaps no password hash that is no longer the one that was read',
    run: async ({ store }) => {
      const user = newUser()
      const second = passwordHash('second')
      await store.create(user)
      await store.replacePasswordHash(user.id, user.passwordHash, second)

      const isReplaced = await store.replacePasswordHash(
        user.id,
        user.passwordHash,
        passwordHash('third'),
      )

      assert.equal(isReplaced, false)
      assert.equal((await store.findById(user.id))?.passwordHash, second)
    },
  },
  {
    sentence: 'swaps the password hash of one user and leaves the others alone',
    run: async ({ store }) => {
      const [one, other] = [newUser(), newUser()]
      await store.create(one)
      await store.create(other)

      await store.replacePasswordHash(one.id, one.passwordHash, passwordHash('second'))

      assert.deepEqual(await store.findById(other.id), other)
    },
  },
]

const closedCases: readonly UserStoreCase[] = [
  closedCase('to create', (store) => store.create(newUser())),
  closedCase('to find by user name', (store) => store.findByUsername('user@example.com')),
  closedCase('to find by id', (store) => store.findById(newUser().id)),
  closedCase('to swap a password hash', (store) =>
    store.replacePasswordHash(newUser().id, passwordHash('first'), passwordHash('second')),
  ),
  closedCase('a ping', (store) => store.ping()),
]

function closedCase(what: string, call: (store: UserStore) => Promise<unknown>): UserStoreCase {
  return {
    sentence: `refuses ${what} when it is closed`,
    run: async ({ store }) => {
      await store.create(newUser({ username: 'user@example.com' }))

      await store.close()

      await assertUnavailable(call(store))
    },
  }
}

export const userCases = [...absenceCases, ...creationCases, ...passwordCases, ...closedCases]
