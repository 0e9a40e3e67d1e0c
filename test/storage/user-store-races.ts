/** What only shows when several callers come at once. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { newUser, passwordHash, type UserStoreCase } from './user-store-kit.ts'

const rounds = 100
const callers = Array.from({ length: 16 }, (_, index) => index)

export const userRaceCases: readonly UserStoreCase[] = [
  {
    sentence: 'lets exactly one of 16 simultaneous creators have a user name, 100 times',
    run: async ({ store }) => {
      for (let round = 0; round < rounds; round++) {
        const username = `${randomUUID()}@example.com`
        const rivals = callers.map(() => newUser({ username }))

        const outcomes = await Promise.all(rivals.map((rival) => store.create(rival)))

        const winners = rivals.filter((_, index) => outcomes[index])
        assert.equal(winners.length, 1, `round ${round}`)
        assert.deepEqual(await store.findByUsername(username), winners[0])
        const filed = await Promise.all(rivals.map(({ id }) => store.findById(id)))
        assert.deepEqual(
          filed.filter((user) => user !== undefined),
          winners,
        )
      }
    },
  },
  {
    sentence: 'lets exactly one of 16 simultaneous creators have an id, 100 times',
    run: async ({ store }) => {
      for (let round = 0; round < rounds; round++) {
        const id = randomUUID()
        const rivals = callers.map(() => newUser({ id }))

        const outcomes = await Promise.all(rivals.map((rival) => store.create(rival)))

        const winners = rivals.filter((_, index) => outcomes[index])
        assert.equal(winners.length, 1, `round ${round}`)
        assert.deepEqual(await store.findById(id), winners[0])
      }
    },
  },
  {
    sentence: 'creates all of 16 simultaneous users who have nothing in common',
    run: async ({ store }) => {
      const users = callers.map(() => newUser())

      const outcomes = await Promise.all(users.map((user) => store.create(user)))

      assert.ok(outcomes.every((isCreated) => isCreated))
      assert.deepEqual(await Promise.all(users.map(({ id }) => store.findById(id))), users)
    },
  },
  {
    sentence: 'lets exactly one of 16 simultaneous callers swap a password hash, 100 times',
    run: async ({ store }) => {
      for (let round = 0; round < rounds; round++) {
        const user = newUser()
        await store.create(user)
        const hashes = callers.map((caller) => passwordHash(`of caller ${caller}`))

        const outcomes = await Promise.all(
          hashes.map((hash) => store.replacePasswordHash(user.id, user.passwordHash, hash)),
        )

        const winners = hashes.filter((_, index) => outcomes[index])
        assert.equal(winners.length, 1, `round ${round}`)
        assert.equal((await store.findById(user.id))?.passwordHash, winners[0])
      }
    },
  },
]
