import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { memoryActivity } from '../../../src/business/analytics/memory.ts'
import { activityContract } from './activity-contract.ts'

activityContract('activity in memory', async () => memoryActivity())

describe('activity in memory', () => {
  it('makes room for those that come', async () => {
    const store = memoryActivity({ maxUsers: 2 })

    for (const user of ['ann', 'bo', 'cy']) await store.file(new Map([[user, 1]]))

    const known = await Promise.all(['ann', 'bo', 'cy'].map((user) => store.lastOf(user)))
    assert.deepEqual(known, [undefined, 1, 1])
  })
})
