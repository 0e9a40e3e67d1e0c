/** Changing clients one at a time. */
import assert from 'node:assert/strict'
import { sha256 } from '../../../src/auth/clients.ts'
import { type ClientStoreCase, createClient, goodSecrets, viewOf } from './client-store-kit.ts'

export const disablingCases: readonly ClientStoreCase[] = [
  {
    sentence: 'does not find a client that is disabled, and lists it as such',
    run: async ({ store }) => {
      const id = await createClient(store)

      assert.equal(await store.setDisabled(id, true), true)

      assert.equal(await store.find(id), undefined)
      assert.equal((await viewOf(store, id)).isDisabled, true)
    },
  },
  {
    sentence: 'finds a client that is enabled again, with the secrets that it had',
    run: async ({ store }) => {
      const id = await createClient(store)
      await store.rotateSecret(id, sha256('second'))
      await store.setDisabled(id, true)

      assert.equal(await store.setDisabled(id, false), true)

      assert.deepEqual(await goodSecrets(store, id, ['first', 'second']), ['first', 'second'])
      assert.equal((await viewOf(store, id)).isDisabled, false)
    },
  },
  {
    sentence: 'disables a client that is disabled, and enables one that is enabled',
    run: async ({ store }) => {
      const id = await createClient(store)

      assert.equal(await store.setDisabled(id, false), true)
      assert.notEqual(await store.find(id), undefined)
      await store.setDisabled(id, true)
      assert.equal(await store.setDisabled(id, true), true)
      assert.equal(await store.find(id), undefined)
    },
  },
]

export const rotationCases: readonly ClientStoreCase[] = [
  {
    sentence: 'keeps the secret before a rotation good beside the new one',
    run: async ({ store }) => {
      const id = await createClient(store)

      assert.equal(await store.rotateSecret(id, sha256('second')), true)

      assert.deepEqual(await goodSecrets(store, id, ['first', 'second']), ['first', 'second'])
      assert.equal((await viewOf(store, id)).secretCount, 2)
    },
  },
  {
    sentence: 'drops the oldest secret where there would be three',
    run: async ({ store }) => {
      const id = await createClient(store)
      await store.rotateSecret(id, sha256('second'))

      assert.equal(await store.rotateSecret(id, sha256('third')), true)

      assert.deepEqual((await store.find(id))?.secretHashes.length, 2)
      const good = await goodSecrets(store, id, ['first', 'second', 'third'])
      assert.deepEqual(good, ['second', 'third'])
    },
  },
  {
    sentence: 'leaves a client its newest secret alone, however often it is told to',
    run: async ({ store }) => {
      const id = await createClient(store)
      await store.rotateSecret(id, sha256('second'))

      assert.equal(await store.dropOldSecret(id), true)
      assert.equal(await store.dropOldSecret(id), true)

      assert.deepEqual(await goodSecrets(store, id, ['first', 'second']), ['second'])
      assert.equal((await viewOf(store, id)).secretCount, 1)
    },
  },
  {
    sentence: 'does not bring a dropped secret back by a rotation',
    run: async ({ store }) => {
      const id = await createClient(store)
      await store.rotateSecret(id, sha256('second'))
      await store.dropOldSecret(id)

      await store.rotateSecret(id, sha256('third'))

      const good = await goodSecrets(store, id, ['first', 'second', 'third'])
      assert.deepEqual(good, ['second', 'third'])
    },
  },
  {
    sentence: 'rotates the secret of a disabled client, which stays disabled',
    run: async ({ store }) => {
      const id = await createClient(store)
      await store.setDisabled(id, true)

      assert.equal(await store.rotateSecret(id, sha256('second')), true)
      assert.equal(await store.find(id), undefined)
      await store.setDisabled(id, false)
      assert.deepEqual(await goodSecrets(store, id, ['first', 'second']), ['first', 'second'])
    },
  },
]

export const changeCases: readonly ClientStoreCase[] = [
  {
    sentence: 'changes nobody who was not created, and creates nobody by it',
    run: async ({ store }) => {
      assert.equal(await store.setDisabled('nobody', false), false)
      assert.equal(await store.rotateSecret('nobody', sha256('first')), false)
      assert.equal(await store.dropOldSecret('nobody'), false)

      assert.equal(await store.find('nobody'), undefined)
      assert.deepEqual(await store.list({ after: undefined, limit: 10 }), [])
    },
  },
  {
    sentence: 'changes one client and leaves the others alone',
    run: async ({ store }) => {
      const id = await createClient(store)
      const other = await createClient(store)
      await store.rotateSecret(other, sha256('second'))
      const before = [await store.find(other), await viewOf(store, other)]

      await store.rotateSecret(id, sha256('third'))
      await store.dropOldSecret(id)
      await store.setDisabled(id, true)

      assert.deepEqual([await store.find(other), await viewOf(store, other)], before)
    },
  },
  {
    sentence: 'says when a client was changed last, and still when it was created',
    run: async ({ store, pass }) => {
      const id = await createClient(store)
      const { createdAt } = await viewOf(store, id)
      const times = [createdAt]
      const changes = [
        () => store.rotateSecret(id, sha256('second')),
        () => store.dropOldSecret(id),
        () => store.setDisabled(id, true),
      ]

      for (const change of changes) {
        await pass(2)
        await change()
        const view = await viewOf(store, id)
        times.push(view.updatedAt)
        assert.equal(view.createdAt, createdAt)
      }

      assert.deepEqual(
        times,
        [...new Set(times)].sort((one, other) => one - other),
      )
    },
  },
]
