/** The contract of `SigningKeys`. An adapter's own test file is one call, and what only that adapter has. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { describeCases } from '../../storage/contract.ts'
import {
  assertIsLine,
  begun,
  brief,
  kidsOf,
  long,
  newKey,
  type OpenedSigningKeys,
  type SigningKeysCase,
} from './signing-keys-kit.ts'
import { signingKeysRaceCases } from './signing-keys-races.ts'

const beginnings: readonly SigningKeysCase[] = [
  {
    sentence: 'has no keys at first, and says what time it is',
    run: async ({ keys, pass }) => {
      const first = await keys.read()
      await pass(20)
      const second = await keys.read()

      assert.deepEqual([first.keys, second.keys], [[], []])
      assert.ok(second.judgedAt >= first.judgedAt + 20)
    },
  },
  {
    sentence: 'files the first key, which signs at once and has no end',
    run: async ({ keys }) => {
      const before = await keys.read()
      const key = newKey()

      const isFiled = await keys.begin(key)

      const after = await keys.read()
      const [filed] = after.keys
      assert.equal(isFiled, true)
      assert.deepEqual(after.keys, [
        { ...key, currentAt: filed?.currentAt, retiredAt: undefined, removedAt: undefined },
      ])
      assert.ok(Number(filed?.currentAt) >= before.judgedAt)
      assert.ok(Number(filed?.currentAt) <= after.judgedAt)
    },
  },
  {
    sentence: 'begins once, and files nothing the second time',
    run: async ({ keys }) => {
      const key = await begun(keys)

      const isFiled = await keys.begin(newKey())

      assert.equal(isFiled, false)
      assert.deepEqual(await kidsOf(keys), [key.kid])
    },
  },
  {
    sentence: 'keeps a copy of a key: what becomes of the original changes nothing',
    run: async ({ keys }) => {
      const [first, second, third] = [newKey(), newKey(), newKey()]
      const originals = [first, second, third].map((key) => ({ ...key }))
      await keys.begin(first)
      await keys.rotate(second, long)
      Object.assign(first, { sealed: 'another' })
      Object.assign(second, { sealed: 'another' })

      const sealed = (await keys.read()).keys.map((key) => key.sealed)
      await keys.replaceAll(second.kid, third)
      Object.assign(third, { sealed: 'another' })
      sealed.push(...(await keys.read()).keys.map((key) => key.sealed))

      assert.deepEqual(
        sealed,
        originals.map((key) => key.sealed),
      )
    },
  },
  {
    sentence: 'answers with copies: what becomes of them changes nothing',
    run: async ({ keys }) => {
      await begun(keys)
      const right = structuredClone(await keys.read())
      Object.assign((await keys.read()).keys[0] ?? {}, { sealed: 'another', currentAt: 0 })

      assert.deepEqual((await keys.read()).keys, right.keys)
    },
  },
]

const rotations: readonly SigningKeysCase[] = [
  {
    sentence: 'puts the next key behind the current, whose end is its beginning',
    run: async ({ keys }) => {
      const first = await begun(keys)
      const next = newKey()
      const before = await keys.read()

      const isFiled = await keys.rotate(next, long)

      const after = await keys.read()
      const [retiring, filed] = after.keys
      assert.equal(isFiled, true)
      assert.deepEqual(await kidsOf(keys), [first.kid, next.kid])
      assert.equal(retiring?.retiredAt, filed?.currentAt)
      assert.equal(retiring?.removedAt, Number(filed?.currentAt) + 360_000)
      assert.deepEqual([filed?.retiredAt, filed?.removedAt], [undefined, undefined])
      assert.ok(Number(filed?.currentAt) >= before.judgedAt + 600_000)
      assert.ok(Number(filed?.currentAt) <= after.judgedAt + 600_000)
      assert.equal(filed?.sealed, next.sealed)
    },
  },
  {
    sentence: 'rotates nothing where the last key does not sign yet',
    run: async ({ keys }) => {
      await begun(keys)
      await keys.rotate(newKey(), long)
      const before = await keys.read()

      const isFiled = await keys.rotate(newKey(), long)

      assert.equal(isFiled, false)
      assert.deepEqual((await keys.read()).keys, before.keys)
    },
  },
  {
    sentence: 'rotates nothing where there are no keys',
    run: async ({ keys }) => {
      const isFiled = await keys.rotate(newKey(), long)

      assert.equal(isFiled, false)
      assert.deepEqual(await kidsOf(keys), [])
    },
  },
  {
    sentence: 'rotates again as soon as the last key signs',
    run: async ({ keys, pass }) => {
      await begun(keys)
      await keys.rotate(newKey(), { ...long, publishedBeforeMilliseconds: 50 })
      await pass(50)

      const isFiled = await keys.rotate(newKey(), long)

      const after = await keys.read()
      assert.equal(isFiled, true)
      assert.equal(after.keys.length, 3)
      assertIsLine(after.keys)
    },
  },
  {
    sentence: 'has a retired key until it is removed, and not after',
    run: async ({ keys, pass }) => {
      const first = await begun(keys)
      const next = newKey()
      await keys.rotate(next, { ...long, publishedBeforeMilliseconds: 20 })
      await pass(20)
      const whileRetired = await kidsOf(keys)
      const last = newKey()
      await keys.replaceAll(next.kid, last)
      await keys.rotate(newKey(), brief)
      await pass(300)

      const afterwards = await kidsOf(keys)

      assert.deepEqual(whileRetired, [first.kid, next.kid])
      assert.equal(afterwards.includes(last.kid), false)
      assert.equal(afterwards.length, 1)
    },
  },
  {
    sentence: 'does not begin anew where all but the last key are removed',
    run: async ({ keys, pass }) => {
      await begun(keys)
      const next = newKey()
      await keys.rotate(next, { publishedBeforeMilliseconds: 20, publishedAfterMilliseconds: 20 })
      await pass(40)

      const isFiled = await keys.begin(newKey())

      assert.equal(isFiled, false)
      assert.deepEqual(await kidsOf(keys), [next.kid])
    },
  },
]

const replacements: readonly SigningKeysCase[] = [
  {
    sentence: 'replaces all keys, the next one too, by one that signs at once',
    run: async ({ keys }) => {
      await begun(keys)
      const next = newKey()
      await keys.rotate(next, long)
      const fresh = newKey()
      const before = await keys.read()

      const isFiled = await keys.replaceAll(next.kid, fresh)

      const after = await keys.read()
      const [filed] = after.keys
      assert.equal(isFiled, true)
      assert.deepEqual(await kidsOf(keys), [fresh.kid])
      assert.equal(filed?.retiredAt, undefined)
      assert.ok(Number(filed?.currentAt) >= before.judgedAt)
      assert.ok(Number(filed?.currentAt) <= after.judgedAt)
    },
  },
  {
    sentence: 'replaces nothing where another key is the last',
    run: async ({ keys }) => {
      const first = await begun(keys)
      const next = newKey()
      await keys.rotate(next, long)

      const isFiled = await keys.replaceAll(first.kid, newKey())

      assert.equal(isFiled, false)
      assert.deepEqual(await kidsOf(keys), [first.kid, next.kid])
    },
  },
  {
    sentence: 'replaces nothing where there are no keys',
    run: async ({ keys }) => {
      const isFiled = await keys.replaceAll('unknown', newKey())

      assert.equal(isFiled, false)
      assert.deepEqual(await kidsOf(keys), [])
    },
  },
]

export const signingKeysCases: readonly SigningKeysCase[] = [
  ...beginnings,
  ...rotations,
  ...replacements,
  ...signingKeysRaceCases,
]

export function signingKeysContract(
  name: string,
  open: (t: TestContext) => Promise<OpenedSigningKeys>,
): void {
  describeCases(name, signingKeysCases, open)
}
