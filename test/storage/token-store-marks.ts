/** `revokeSubject` and `marks`: everything of a subject ends in one step, and no login under way escapes it. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import {
  briefSession,
  isAlive,
  issue,
  markOf,
  newToken,
  service,
  session,
  type TokenStoreCase,
  verifyEmail,
} from './token-store-kit.ts'

export const markCases: readonly TokenStoreCase[] = [
  {
    sentence: 'has no marks of a subject that was never ended',
    run: async ({ store }) => {
      const { sub } = await issue(store)

      assert.deepEqual([...(await store.marks(sub, [session, service]))], [])
    },
  },
  {
    sentence: 'ends all that a subject has of the purposes that are named',
    run: async ({ store }) => {
      const one = await issue(store)
      const { sub } = one
      const reinflated = await issue(store, { sub })
      await store.reinflate([reinflated.key], session)
      const code = await issue(store, { sub, purpose: verifyEmail })

      await store.revokeSubject(sub, [session, verifyEmail])

      assert.equal(await store.peek(one.key, session), undefined)
      assert.deepEqual(await store.reinflate([reinflated.key], session), [undefined])
      assert.equal(await store.revoke(one.key, session), undefined)
      assert.equal(await store.take(code.key, verifyEmail), undefined)
    },
  },
  {
    sentence: 'leaves the tokens of the subject alone whose purpose is not named',
    run: async ({ store }) => {
      const ended = await issue(store)
      const other = await issue(store, { sub: ended.sub, purpose: service })

      await store.revokeSubject(ended.sub, [session])

      assert.equal(await isAlive(store, ended), false)
      assert.equal(await isAlive(store, other, service), true)
      assert.equal(await markOf(store, ended.sub, service), undefined)
    },
  },
  {
    sentence: 'leaves the tokens of other subjects alone',
    run: async ({ store }) => {
      const ended = await issue(store)
      const other = await issue(store)

      await store.revokeSubject(ended.sub, [session])

      assert.equal(await isAlive(store, ended), false)
      assert.equal(await isAlive(store, other), true)
      assert.equal(await markOf(store, other.sub, session), undefined)
    },
  },
  {
    sentence: 'ends nothing where no purpose is named',
    run: async ({ store }) => {
      const issued = await issue(store)

      await store.revokeSubject(issued.sub, [])

      assert.equal(await isAlive(store, issued), true)
    },
  },
  {
    sentence: 'lets a token live that was issued with the fresh mark',
    run: async ({ store }) => {
      const ended = await issue(store)
      await store.revokeSubject(ended.sub, [session])
      const mark = await markOf(store, ended.sub, session)

      const fresh = await issue(store, { sub: ended.sub, mark })

      assert.ok(mark !== undefined)
      assert.equal(await isAlive(store, fresh), true)
      assert.equal((await store.reinflate([fresh.key], session))[0]?.refreshCount, 1)
    },
  },
  {
    sentence: 'ends a token with the fresh mark by the next mark, which is another',
    run: async ({ store }) => {
      const sub = randomUUID()
      await store.revokeSubject(sub, [session])
      const first = await markOf(store, sub, session)
      const issued = await issue(store, { sub, mark: first })

      await store.revokeSubject(sub, [session])

      assert.equal(await isAlive(store, issued), false)
      assert.notEqual(await markOf(store, sub, session), first)
    },
  },
  {
    sentence: 'issues nothing, and files nothing, for a login that began before there was a mark',
    run: async ({ store }) => {
      const late = newToken({ mark: undefined })
      await store.revokeSubject(late.sub, [session])

      const issued = await store.issue(late)

      assert.equal(issued, undefined)
      assert.equal(await store.peek(late.key, session), undefined)
      assert.deepEqual(await store.reinflate([late.key], session), [undefined])
    },
  },
  {
    sentence: 'issues nothing, and files nothing, for a login with the mark before the present one',
    run: async ({ store }) => {
      const sub = randomUUID()
      await store.revokeSubject(sub, [session])
      const late = newToken({ sub, mark: await markOf(store, sub, session) })
      await store.revokeSubject(sub, [session])

      const issued = await store.issue(late)

      assert.equal(issued, undefined)
      assert.equal(await store.peek(late.key, session), undefined)
    },
  },
  {
    sentence: 'issues to a login whose mark is no longer kept',
    run: async ({ store }) => {
      const sub = randomUUID()
      await store.revokeSubject(sub, [service])
      const mark = await markOf(store, sub, service)

      const issued = await store.issue(newToken({ sub, mark }))

      assert.ok(issued !== undefined, 'no mark was present for sessions')
    },
  },
  {
    sentence: 'tells the marks of the purposes that are asked for, by name, and no others',
    run: async ({ store }) => {
      const sub = randomUUID()
      await store.revokeSubject(sub, [session, verifyEmail])

      const marks = await store.marks(sub, [service, session])

      assert.deepEqual([...marks.keys()], ['session'])
      assert.deepEqual([...(await store.marks(sub, []))], [])
    },
  },
  {
    sentence: 'gives no two subjects the same mark',
    run: async ({ store }) => {
      const [one, other] = [randomUUID(), randomUUID()]
      await store.revokeSubject(one, [session])
      await store.revokeSubject(other, [session])

      assert.notEqual(await markOf(store, one, session), await markOf(store, other, session))
    },
  },
  {
    sentence: 'keeps a mark longer than any token under it can live',
    run: async ({ store, pass }) => {
      const late = newToken({ purpose: briefSession })
      await store.revokeSubject(late.sub, [briefSession])

      await pass(5_500)

      assert.ok((await markOf(store, late.sub, briefSession)) !== undefined)
      assert.equal(await store.issue(late), undefined)
    },
  },
  {
    sentence: 'ends all that a subject has for a change as without one',
    run: async ({ store }) => {
      const one = await issue(store)
      const code = await issue(store, { sub: one.sub, purpose: verifyEmail })

      await store.revokeSubject(one.sub, [session, verifyEmail], 'a change')

      assert.equal(await isAlive(store, one), false)
      assert.equal(await isAlive(store, code, verifyEmail), false)
    },
  },
  {
    sentence: 'ends nothing by a change that has done so already',
    run: async ({ store }) => {
      const sub = randomUUID()
      await store.revokeSubject(sub, [session], 'a change')
      const mark = await markOf(store, sub, session)
      const issued = await issue(store, { sub, mark })

      await store.revokeSubject(sub, [session], 'a change')

      assert.equal(await isAlive(store, issued), true)
      assert.equal(await markOf(store, sub, session), mark)
    },
  },
  {
    sentence: 'undoes no later end by a change that is said again',
    run: async ({ store }) => {
      const sub = randomUUID()
      await store.revokeSubject(sub, [session], 'a change')
      const between = await issue(store, { sub, mark: await markOf(store, sub, session) })
      await store.revokeSubject(sub, [session], 'another change')
      const fresh = await issue(store, { sub, mark: await markOf(store, sub, session) })

      await store.revokeSubject(sub, [session], 'a change')

      assert.equal(await isAlive(store, between), false)
      assert.equal(await isAlive(store, fresh), true)
    },
  },
  {
    sentence: 'tells the changes of one subject from those of another',
    run: async ({ store }) => {
      const [one, other] = [await issue(store), await issue(store)]
      await store.revokeSubject(one.sub, [session], 'a change')

      await store.revokeSubject(other.sub, [session], 'a change')

      assert.equal(await isAlive(store, other), false)
    },
  },
  {
    sentence: 'ends by a change that is said again what it was not said of before',
    run: async ({ store }) => {
      const issued = await issue(store)
      await store.revokeSubject(issued.sub, [verifyEmail], 'a change')

      await store.revokeSubject(issued.sub, [verifyEmail, session], 'a change')

      assert.equal(await isAlive(store, issued), false)
    },
  },
  {
    sentence: 'says that an end by a change is lasting, once it is said again some seconds later',
    run: async ({ store, pass }) => {
      const { sub } = await issue(store)
      await store.revokeSubject(sub, [session, verifyEmail], 'a change')
      const mark = await markOf(store, sub, session)

      await pass(5_500)

      const again = await store.revokeSubject(sub, [session, verifyEmail], 'a change')
      assert.deepEqual(again, { isLasting: true })
      assert.equal(await markOf(store, sub, session), mark)
    },
  },
  {
    sentence: 'ends all anew where no change is named, whatever changes did so before',
    run: async ({ store }) => {
      const sub = randomUUID()
      await store.revokeSubject(sub, [session], 'a\0change')
      const issued = await issue(store, { sub, mark: await markOf(store, sub, session) })

      await store.revokeSubject(sub, [session])

      assert.equal(await isAlive(store, issued), false)
    },
  },
]
