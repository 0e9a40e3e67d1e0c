import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gatherActivity } from '../../../src/business/analytics/gathered-activity.ts'
import { noteCallers } from '../../../src/business/analytics/register.ts'
import { aliveValidation } from '../../kit/fake-auth.ts'

/** A store that says what it was given, and rejects while it is away. */
function watchedStore() {
  const filings: (readonly (readonly [string, number])[])[] = []
  const store = {
    filings,
    isAway: false,
    hold: Promise.resolve(),
    async file(all: ReadonlyMap<string, number>) {
      filings.push([...all])
      await store.hold
      if (store.isAway) throw new Error('the store is away')
    },
  }
  return store
}

describe('gathered activity', () => {
  it('is filed at once for all users, with the last instant of each', async () => {
    const store = watchedStore()
    const { note, flush } = gatherActivity({ store, maxUsers: 10 })

    note('ann', 1)
    note('bo', 2)
    note('ann', 3)
    await flush()

    assert.deepEqual(store.filings, [
      [
        ['ann', 3],
        ['bo', 2],
      ],
    ])
  })

  it('is filed once, and nothing where nobody was there', async () => {
    const store = watchedStore()
    const { note, flush } = gatherActivity({ store, maxUsers: 10 })

    await flush()
    note('ann', 1)
    await flush()
    await flush()

    assert.deepEqual(store.filings, [[['ann', 1]]])
  })

  it('that could not be filed is filed with what came since', async () => {
    const store = watchedStore()
    const { note, flush } = gatherActivity({ store, maxUsers: 10 })
    note('ann', 1)
    note('bo', 1)
    store.isAway = true

    const first = flush()
    note('bo', 2)
    await assert.rejects(first, /the store is away/)
    store.isAway = false
    await flush()

    assert.deepEqual(Object.fromEntries(store.filings[1] ?? []), { ann: 1, bo: 2 })
  })

  it('is filed by one flush after the other', async () => {
    const store = watchedStore()
    const { note, flush } = gatherActivity({ store, maxUsers: 10 })
    let release = () => {}
    store.hold = new Promise((resolve) => {
      release = resolve
    })
    note('ann', 1)
    const first = flush()
    await new Promise(setImmediate)
    note('ann', 2)

    const second = flush()
    await new Promise(setImmediate)
    const before = store.filings.length
    release()
    await Promise.all([first, second])

    assert.deepEqual([before, store.filings], [1, [[['ann', 1]], [['ann', 2]]]])
  })

  it('has so many users at most, until the next flush', async () => {
    const store = watchedStore()
    const { note, flush } = gatherActivity({ store, maxUsers: 2 })

    for (const [at, user] of ['ann', 'bo', 'cy', 'ann'].entries()) note(user, at)
    await flush()
    note('cy', 4)
    await flush()

    assert.deepEqual(store.filings, [
      [
        ['ann', 3],
        ['bo', 1],
      ],
      [['cy', 4]],
    ])
  })

  it('of somebody who is gone is not filed', async () => {
    const store = watchedStore()
    const { note, drop, flush } = gatherActivity({ store, maxUsers: 2 })
    note('ann', 1)

    drop('ann')
    await flush()

    assert.deepEqual(store.filings, [])
  })
})

describe('a validation', () => {
  const alive = aliveValidation('Ann')
  const call = { notes: undefined }

  it('notes who called and when, and is answered by the very promise that was there', async () => {
    const noted: (readonly [string, number])[] = []
    const validated = Promise.resolve(alive)
    const note = (user: string, at: number) => void noted.push([user, at])
    const validate = noteCallers(() => validated, { note }, { now: () => 7 })

    const answered = validate('token', call)
    await answered

    assert.equal(answered, validated)
    assert.deepEqual(noted, [[alive.sub, 7]])
  })

  it('of a dead token notes nobody, and is refused as before', async () => {
    const noted: string[] = []
    const validate = noteCallers(
      async () => await Promise.reject(new Error('dead')),
      { note: (user) => void noted.push(user) },
      { now: () => 7 },
    )

    await assert.rejects(validate('token', call), /dead/)

    assert.deepEqual(noted, [])
  })
})
