/** What only shows when several callers come at once. */
import assert from 'node:assert/strict'
import { sha256 } from '../../../src/auth/clients.ts'
import {
  type ClientStoreCase,
  createClient,
  goodSecrets,
  newClient,
  viewOf,
} from './client-store-kit.ts'

const rounds = 25
const callers = Array.from({ length: 16 }, (_, index) => `secret of caller ${index}`)

export const raceCases: readonly ClientStoreCase[] = [
  {
    sentence: 'lets exactly one of 16 simultaneous creators have an id, 25 times',
    run: async ({ store }) => {
      for (let round = 0; round < rounds; round++) {
        const { id } = newClient()
        const rivals = callers.map((one) => newClient({ id, secretHash: sha256(one) }))

        const outcomes = await Promise.all(rivals.map((rival) => store.create(rival)))

        const winners = callers.filter((_, index) => outcomes[index])
        assert.equal(winners.length, 1, `round ${round}`)
        assert.deepEqual(await goodSecrets(store, id, callers), winners)
      }
    },
  },
  {
    sentence:
      'leaves exactly two good of 16 simultaneous rotations, and none from before, 25 times',
    run: async ({ store }) => {
      for (let round = 0; round < rounds; round++) {
        const id = await createClient(store)

        const outcomes = await Promise.all(
          callers.map((one) => store.rotateSecret(id, sha256(one))),
        )

        assert.ok(outcomes.every((isFound) => isFound))
        assert.equal((await store.find(id))?.secretHashes.length, 2, `round ${round}`)
        assert.equal((await goodSecrets(store, id, callers))?.length, 2, `round ${round}`)
      }
    },
  },
  {
    sentence: 'loses neither a disabling nor a rotation that come at once, 25 times',
    run: async ({ store }) => {
      for (let round = 0; round < rounds; round++) {
        const id = await createClient(store)

        await Promise.all([
          store.rotateSecret(id, sha256('second')),
          store.setDisabled(id, true),
          store.rotateSecret(id, sha256('third')),
        ])

        const { isDisabled, secretCount } = await viewOf(store, id)
        await store.setDisabled(id, false)
        const good = await goodSecrets(store, id, ['second', 'third'])
        assert.deepEqual([isDisabled, secretCount], [true, 2], `round ${round}`)
        assert.deepEqual(good, ['second', 'third'], `round ${round}`)
      }
    },
  },
]
