/** Records come back whole, whatever is in them, and nobody outside can change what is inside. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { TokenHash } from '../../src/storage/ports.ts'
import { hostileTexts } from './contract.ts'
import {
  isAlive,
  issue,
  lasting,
  markOf,
  newToken,
  session,
  type TokenStoreCase,
  verifyEmail,
} from './token-store-kit.ts'

const forged = { scope: 'everything', sub: 'forged', context: 'forged', name: 'forged' }
const forgedLife = { expiresAt: 0, capAt: 0, refreshCount: 99, issuedAt: 0 }

const copyCases: readonly TokenStoreCase[] = [
  {
    sentence: 'keeps a copy of what was filed: what becomes of the original changes nothing',
    run: async ({ store }) => {
      const filed = newToken({ scope: 'data:read', context: 'context' })
      const original = structuredClone(filed)
      const living = await store.issue(filed)

      Object.assign(filed, forged, { id: 'forged' })

      const found = await store.peek(original.key, session)
      assert.deepEqual(lasting(found), lasting(living))
      assert.equal(found?.scope, 'data:read')
      await store.revokeSubject(original.sub, [session])
      assert.equal(await isAlive(store, original), false)
    },
  },
  {
    sentence: 'answers an issue with a copy: what becomes of it changes nothing',
    run: async ({ store }) => {
      const { key, living } = await issue(store, { scope: 'data:read' })
      const original = lasting(living)

      Object.assign(living, forged, forgedLife)

      assert.deepEqual(lasting(await store.peek(key, session)), original)
    },
  },
  {
    sentence: 'answers a peek with a copy: what becomes of it changes nothing',
    run: async ({ store }) => {
      const { key, living } = await issue(store, { scope: 'data:read' })
      const original = lasting(living)

      Object.assign(await peeked(), forged, forgedLife)

      assert.deepEqual(lasting(await peeked()), original)

      async function peeked() {
        return (await store.peek(key, session)) ?? assert.fail('the token is not alive')
      }
    },
  },
  {
    sentence: 'answers a reinflation with a copy: what becomes of it changes nothing',
    run: async ({ store }) => {
      const { key } = await issue(store, { scope: 'data:read' })
      const [reinflated] = await store.reinflate([key], session)
      const original = lasting(reinflated)

      Object.assign(reinflated ?? {}, forged, forgedLife)

      assert.deepEqual(lasting(await store.peek(key, session)), original)
    },
  },
  {
    sentence: 'answers marks with a copy: what becomes of it changes nothing',
    run: async ({ store }) => {
      const sub = randomUUID()
      await store.revokeSubject(sub, [session])
      const original = await markOf(store, sub, session)
      const answer = await store.marks(sub, [session])

      if (answer instanceof Map) answer.clear()

      assert.equal(await markOf(store, sub, session), original)
    },
  },
]

const hostileSubjectCases = hostileTexts.map(
  ([what, sub]): TokenStoreCase => ({
    sentence: `files and ends the tokens of a subject with ${what} in it, and of no other`,
    run: async ({ store }) => {
      const hostile = await issue(store, { sub })
      const longer = await issue(store, { sub: `${sub}0` })
      const harmless = await issue(store, { sub: 'a' })
      const found = await store.peek(hostile.key, session)

      await store.revokeSubject(sub, [session])

      assert.equal(found?.sub, sub)
      assert.equal(await isAlive(store, hostile), false)
      assert.equal(await isAlive(store, longer), true)
      assert.equal(await isAlive(store, harmless), true)
      const mark = await markOf(store, sub, session)
      const again = await issue(store, { sub, mark })
      assert.equal(await isAlive(store, again), true)
    },
  }),
)

const hostileRecordCases = hostileTexts.map(
  ([what, text]): TokenStoreCase => ({
    sentence: `gives name, scope and context back whole with ${what} in them`,
    run: async ({ store }) => {
      const { key } = await issue(store, { name: text, scope: text, context: text.slice(0, 64) })

      const found = await store.peek(key, session)

      assert.equal(found?.name, text)
      assert.equal(found?.scope, text)
      assert.equal(found?.context, text.slice(0, 64))
    },
  }),
)

const hostileKeyCases = hostileTexts.map(
  ([what, text]): TokenStoreCase => ({
    sentence: `finds nothing under a key with ${what} in it, and harms nothing`,
    run: async ({ store }) => {
      const harmless = await issue(store)
      const code = await issue(store, { purpose: verifyEmail })
      const key = { subjectTag: text, hash: text as TokenHash } // not a hash: that is the point

      const answers = [
        await store.peek(key, session),
        await store.revoke(key, session),
        await store.take(key, verifyEmail),
        ...(await store.reinflate([key], session)),
      ]

      assert.deepEqual(answers, [undefined, undefined, undefined, undefined])
      assert.equal(await isAlive(store, harmless), true)
      assert.equal(await isAlive(store, code, verifyEmail), true)
    },
  }),
)

const likenessCases: readonly TokenStoreCase[] = [
  {
    sentence: 'tells keys apart that differ in the case of their letters only',
    run: async ({ store }) => {
      const { key } = await issue(store)
      const swapped = key.hash.replace(/[a-z]/gi, swapCase)

      const found = await store.peek({ ...key, hash: swapped as TokenHash }, session) // of no token

      assert.equal(found, undefined)
    },
  },
  {
    sentence: 'tells subjects apart that differ in the case of their letters only',
    run: async ({ store }) => {
      const upper = await issue(store, { sub: 'client:ABC' })
      const lower = await issue(store, { sub: 'client:abc' })

      await store.revokeSubject('client:abc', [session])

      assert.equal(await isAlive(store, upper), true)
      assert.equal(await isAlive(store, lower), false)
    },
  },
]

function swapCase(letter: string): string {
  return letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()
}

export const recordCases = [
  ...copyCases,
  ...hostileSubjectCases,
  ...hostileRecordCases,
  ...hostileKeyCases,
  ...likenessCases,
]
