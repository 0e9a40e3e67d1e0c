import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { accountEventsContract } from './account-events-contract.ts'
import { newChange } from './account-events-kit.ts'
import { openMemoryEvents } from './open-events.ts'

accountEventsContract('account events in memory', async () => openMemoryEvents())

describe('account events in memory', () => {
  it('make room for those that come, and know no position before them', async () => {
    const { events, make } = openMemoryEvents({ maxEvents: 2 })
    const { epoch } = await events.end()

    for (let changes = 0; changes < 4; changes++) await make(newChange())

    assert.equal(await events.after({ epoch, number: 1 }, 10), undefined)
    assert.equal((await events.after({ epoch, number: 2 }, 10))?.length, 2)
  })

  it('begin anew with each process: no position of another is known', async () => {
    const [one, other] = [openMemoryEvents(), openMemoryEvents()]

    const start = await one.events.end()

    assert.equal(await other.events.after(start, 10), undefined)
  })

  it('ask nothing of a database', () => {
    assert.deepEqual(openMemoryEvents().events.statementsFor(newChange()), [])
  })
})
