/** Creating, finding and listing clients one at a time. */
import assert from 'node:assert/strict'
import { sha256 } from '../../../src/auth/clients.ts'
import { hostileTexts } from '../../storage/contract.ts'
import {
  type ClientStoreCase,
  createClient,
  goodSecrets,
  newClient,
  viewOf,
} from './client-store-kit.ts'

const unsorted = ['b', 'a.b', 'Z', 'a-b', '_', '0', 'a', 'ab']
const sorted = ['0', 'Z', '_', 'a', 'a-b', 'a.b', 'ab', 'b']

export const recordCases: readonly ClientStoreCase[] = [
  {
    sentence: 'finds a client, whole',
    run: async ({ store }) => {
      const client = newClient({ scopes: ['two', 'one', 'tokens:validate'] })
      await createClient(store)

      assert.equal(await store.create(client), true)

      const { id, scopes, secretHash } = client
      assert.deepEqual(await store.find(id), { id, scopes, secretHashes: [secretHash] })
    },
  },
  {
    sentence: 'lists a client, whole, and none of its secrets',
    run: async ({ store }) => {
      const { id, name, scopes, secretHash } = newClient({ scopes: ['two', 'one'] })
      await store.create({ id, name, scopes, secretHash })

      const { createdAt, updatedAt, ...view } = await viewOf(store, id)

      assert.deepEqual(view, { id, name, scopes, isDisabled: false, secretCount: 1 })
      assert.equal(createdAt, updatedAt)
      assert.ok(createdAt > 1_600_000_000_000 && Number.isInteger(createdAt))
    },
  },
  {
    sentence: 'refuses an id that is taken, and changes nothing',
    run: async ({ store }) => {
      const id = await createClient(store)
      const before = [await store.find(id), await viewOf(store, id)]

      const isCreated = await store.create(
        newClient({ id, name: 'Imitator', scopes: ['other'], secretHash: sha256('other') }),
      )

      assert.equal(isCreated, false)
      assert.deepEqual([await store.find(id), await viewOf(store, id)], before)
    },
  },
  {
    sentence: 'refuses an id that a disabled client has',
    run: async ({ store }) => {
      const id = await createClient(store)
      await store.setDisabled(id, true)

      assert.equal(await store.create(newClient({ id })), false)
      assert.equal((await viewOf(store, id)).isDisabled, true)
    },
  },
  {
    sentence: 'compares ids as they are',
    run: async ({ store }) => {
      const id = await createClient(store, { id: 'Reports' })
      await createClient(store, { id: 'reports', scopes: ['other'] })

      assert.equal(await store.find('REPORTS'), undefined)
      assert.deepEqual((await store.find(id))?.scopes, ['tokens:validate'])
    },
  },
  {
    sentence: 'finds a client whose id is the name of a prototype, and none before',
    run: async ({ store }) => {
      const before = await store.find('__proto__')
      await createClient(store, { id: '__proto__' })

      assert.equal(before, undefined)
      assert.deepEqual(await goodSecrets(store, '__proto__', ['first']), ['first'])
    },
  },
  {
    sentence: 'lists in the order of ids, byte by byte',
    run: async ({ store }) => {
      for (const id of unsorted) await createClient(store, { id })

      const all = await store.list({ after: undefined, limit: 100 })

      assert.deepEqual(
        all.map(({ id }) => id),
        sorted,
      )
    },
  },
  {
    sentence:
      'lists as many as are asked for, after the one that is named, which need not be there',
    run: async ({ store }) => {
      for (const id of unsorted) await createClient(store, { id })
      const idsOf = async (after: string | undefined, limit: number) =>
        (await store.list({ after, limit })).map(({ id }) => id)

      assert.deepEqual(await idsOf(undefined, 3), sorted.slice(0, 3))
      assert.deepEqual(await idsOf('_', 3), sorted.slice(3, 6))
      assert.deepEqual(await idsOf('a.a', 100), sorted.slice(5))
      assert.deepEqual(await idsOf('b', 100), [])
    },
  },
  {
    sentence: 'keeps a copy of a client: what becomes of the original changes nothing',
    run: async ({ store }) => {
      const scopes = ['one']
      const client = newClient({ scopes })
      await store.create(client)

      scopes.push('two')
      client.secretHash.fill(0)

      assert.deepEqual((await viewOf(store, client.id)).scopes, ['one'])
      assert.deepEqual(await goodSecrets(store, client.id, ['first']), ['first'])
    },
  },
  {
    sentence: 'keeps a copy of a secret that is rotated in',
    run: async ({ store }) => {
      const id = await createClient(store)
      const fresh = sha256('second')
      await store.rotateSecret(id, fresh)

      fresh.fill(0)

      assert.deepEqual(await goodSecrets(store, id, ['first', 'second']), ['first', 'second'])
    },
  },
  {
    sentence: 'answers with copies: what becomes of them changes nothing',
    run: async ({ store }) => {
      const id = await createClient(store)
      const found = await store.find(id)
      const listed = await viewOf(store, id)

      found?.secretHashes[0]?.fill(0)
      Array.prototype.push.call(found?.scopes, 'more')
      Array.prototype.push.call(listed.scopes, 'more')

      assert.deepEqual(await goodSecrets(store, id, ['first']), ['first'])
      assert.deepEqual((await store.find(id))?.scopes, ['tokens:validate'])
      assert.deepEqual((await viewOf(store, id)).scopes, ['tokens:validate'])
    },
  },
]

export const hostileCases = hostileTexts.flatMap(([what, text]): readonly ClientStoreCase[] => [
  {
    sentence: `finds and changes nobody under an id with ${what} in it`,
    run: async ({ store }) => {
      const id = await createClient(store)
      const before = await viewOf(store, id)

      assert.equal(await store.find(text), undefined)
      assert.equal(await store.setDisabled(text, true), false)
      assert.equal(await store.rotateSecret(text, sha256('second')), false)
      assert.equal(await store.dropOldSecret(text), false)
      assert.deepEqual(await store.list({ after: undefined, limit: 10 }), [before])
    },
  },
])

/** No name has a NUL. */
export const nameCases = hostileTexts
  .filter(([, text]) => !text.includes('\0'))
  .map(
    ([what, text]): ClientStoreCase => ({
      sentence: `files and lists a client whose name has ${what} in it`,
      run: async ({ store }) => {
        const id = await createClient(store, { name: text })

        assert.equal((await viewOf(store, id)).name, text)
      },
    }),
  )
