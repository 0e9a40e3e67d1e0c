/** The contract of `SessionIndex`. An adapter's own test file is one call, and what only that adapter has. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { TokenId } from '../../../src/storage/ports.ts'
import { describeCases, hostileTexts } from '../../storage/contract.ts'
import { byId, type IndexCase, listed, newSession, newSub, type OpenedIndex } from './index-kit.ts'
import { indexRaceCases } from './index-races.ts'

const additionCases: readonly IndexCase[] = [
  {
    sentence: 'lists nothing for a user who never logged in',
    run: async ({ index }) => {
      assert.deepEqual(await index.list(newSub()), [])
    },
  },
  {
    sentence: 'lists what was added, whole',
    run: async ({ index }) => {
      const sub = newSub()
      const sessions = ['192.0.2.1', '2001:db8::1', 'unknown'].map((source) =>
        newSession({ source }),
      )

      for (const session of sessions) await index.add(sub, session)

      assert.deepEqual(await listed(index, sub), byId(sessions))
    },
  },
  {
    sentence: 'lists once what was added twice',
    run: async ({ index }) => {
      const sub = newSub()
      const [one, other] = [newSession(), newSession()]

      for (const session of [one, other, one]) await index.add(sub, session)

      assert.deepEqual(await listed(index, sub), byId([one, other]))
    },
  },
  {
    sentence: 'lists to each user his own',
    run: async ({ index }) => {
      const [sub, otherSub] = [newSub(), newSub()]
      const [own, others] = [newSession(), newSession()]

      await index.add(sub, own)
      await index.add(otherSub, others)

      assert.deepEqual(await index.list(sub), [own])
      assert.deepEqual(await index.list(otherSub), [others])
    },
  },
  {
    sentence: 'lists as many as a user may be allowed',
    run: async ({ index }) => {
      const sub = newSub()
      const sessions = Array.from({ length: 1_000 }, () => newSession())

      for (const session of sessions) await index.add(sub, session)

      assert.deepEqual(await listed(index, sub), byId(sessions))
    },
  },
  ...hostileTexts.map(
    ([what, sub]): IndexCase => ({
      sentence: `keeps the sessions of a subject with ${what}, and nobody else's`,
      run: async ({ index }) => {
        const session = newSession()

        await index.add(sub, session)

        assert.deepEqual(await index.list(sub), [session])
        assert.deepEqual(await index.list(`${sub}x`), [])
      },
    }),
  ),
]

const copyCases: readonly IndexCase[] = [
  {
    sentence: 'keeps a copy: what becomes of the original changes nothing',
    run: async ({ index }) => {
      const sub = newSub()
      const session = newSession()
      const original = { ...session }
      await index.add(sub, session)

      Object.assign(session, { source: 'forged' })

      assert.deepEqual(await index.list(sub), [original])
    },
  },
  {
    sentence: 'answers with copies: what becomes of them changes nothing',
    run: async ({ index }) => {
      const sub = newSub()
      const session = newSession()
      await index.add(sub, session)

      Object.assign((await index.list(sub))[0] ?? assert.fail('not listed'), { source: 'forged' })

      assert.deepEqual(await index.list(sub), [session])
    },
  },
]

const removalCases: readonly IndexCase[] = [
  {
    sentence: 'takes off those that are named and no others',
    run: async ({ index }) => {
      const sub = newSub()
      const [one, other, third] = [newSession(), newSession(), newSession()]
      for (const session of [one, other, third]) await index.add(sub, session)

      await index.remove(sub, [third.id, one.id])

      assert.deepEqual(await index.list(sub), [other])
    },
  },
  {
    sentence: 'takes off nothing of other users',
    run: async ({ index }) => {
      const [sub, otherSub] = [newSub(), newSub()]
      const [own, others] = [newSession(), newSession()]
      await index.add(sub, own)
      await index.add(otherSub, others)

      await index.remove(sub, [others.id])

      assert.deepEqual(await index.list(sub), [own])
      assert.deepEqual(await index.list(otherSub), [others])
    },
  },
  {
    sentence: 'takes off nothing where nothing is named, or what is not there',
    run: async ({ index }) => {
      const sub = newSub()
      const session = newSession()
      await index.add(sub, session)

      await index.remove(sub, [])
      await index.remove(sub, ['unknown' as TokenId])
      await index.remove(newSub(), [session.id])

      assert.deepEqual(await index.list(sub), [session])
    },
  },
  {
    sentence: 'begins anew when all were taken off',
    run: async ({ index }) => {
      const sub = newSub()
      const [first, second] = [newSession(), newSession()]
      await index.add(sub, first)

      await index.remove(sub, [first.id])
      const between = await index.list(sub)
      await index.add(sub, second)

      assert.deepEqual(between, [])
      assert.deepEqual(await index.list(sub), [second])
    },
  },
]

export const sessionIndexCases: readonly IndexCase[] = [
  ...additionCases,
  ...copyCases,
  ...removalCases,
  ...indexRaceCases,
]

export function sessionIndexContract(
  name: string,
  open: (t: TestContext) => Promise<OpenedIndex>,
): void {
  describeCases(name, sessionIndexCases, open)
}
