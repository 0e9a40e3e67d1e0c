/** `reinflate` takes a list: its answers stand in the order of the keys, one for each. */
import assert from 'node:assert/strict'
import {
  issue,
  lasting,
  newToken,
  service,
  session,
  type TokenStoreCase,
  verifyEmail,
} from './token-store-kit.ts'

export const listCases: readonly TokenStoreCase[] = [
  {
    sentence: 'answers an empty list with an empty list',
    run: async ({ store }) => {
      assert.deepEqual(await store.reinflate([], session), [])
    },
  },
  {
    sentence: 'answers a list of good, unknown, revoked and foreign tokens in its order',
    run: async ({ store }) => {
      const first = await issue(store)
      const second = await issue(store)
      const revoked = await issue(store)
      await store.revoke(revoked.key, session)
      const code = await issue(store, { purpose: verifyEmail })
      const foreign = await issue(store, { purpose: service })
      const unknown = newToken()
      const asked = [unknown, second, revoked, code, first, foreign]

      const answers = await store.reinflate(
        asked.map(({ key }) => key),
        session,
      )

      assert.deepEqual(
        answers.map((answer) => answer?.id),
        [undefined, second.living.id, undefined, undefined, first.living.id, undefined],
      )
    },
  },
  {
    sentence: 'answers 1,024 tokens of one list in its order, each reinflated once',
    run: async ({ store }) => {
      const filed = Array.from({ length: 1_024 }, () => newToken())
      for (const token of filed) await store.issue(token)
      const backwards = filed.toReversed()

      const answers = await store.reinflate(
        backwards.map(({ key }) => key),
        session,
      )

      assert.deepEqual(
        answers.map((answer) => answer?.id),
        backwards.map(({ id }) => id),
      )
      assert.ok(answers.every((answer) => answer?.refreshCount === 1))
    },
  },
  {
    sentence: 'reinflates what a list names and nothing else, not even of the same subject',
    run: async ({ store }) => {
      const named = await issue(store)
      const unnamed = await issue(store, { sub: named.sub })

      await store.reinflate([named.key], session)

      assert.deepEqual(lasting(await store.peek(unnamed.key, session)), lasting(unnamed.living))
    },
  },
  {
    sentence: 'leaves the list that it was given as it was',
    run: async ({ store }) => {
      const keys = [newToken().key, (await issue(store)).key, newToken().key]
      const before = structuredClone(keys)

      await store.reinflate(keys, session)

      assert.deepEqual(keys, before)
    },
  },
]
