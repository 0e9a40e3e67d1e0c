import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createSummaries } from '../../../src/auth/audit/summaries.ts'
import { bareEvent, newEvent } from './audit-log-contract.ts'

const sub = 'somebody'
const [one, other] = ['203.0.113.1', '203.0.113.2']

describe('repeated failures', () => {
  it('become one event with their number and the times of the first and the last', () => {
    const summaries = createSummaries({ maxGroups: 10 })
    const first = bareEvent({ sub, source: one, at: 5, until: 5, count: 1, requestId: 'first' })

    summaries.add(first)
    summaries.add({ ...newEvent({ sub, source: one, at: 7, until: 7, count: 1 }), ...who(first) })
    summaries.add({ ...first, id: 'third', at: 9, until: 9 })

    assert.deepEqual(summaries.takeAll(), [
      { ...first, until: 9, count: 3, requestId: undefined, details: undefined },
    ])
  })

  it('are told whole where there was one', () => {
    const summaries = createSummaries({ maxGroups: 10 })
    const event = newEvent({ count: 1 })

    summaries.add(event)

    assert.deepEqual(summaries.takeAll(), [event])
  })

  it('are kept apart by type, account, subject, actor and source', () => {
    const summaries = createSummaries({ maxGroups: 10 })
    const event = bareEvent({ source: one })

    summaries.add(event)
    summaries.add({ ...event, type: 'service_token_refused' })
    summaries.add({ ...event, source: other })
    summaries.add({ ...event, sub })
    summaries.add({ ...event, actor: sub })
    summaries.add({ ...event, account: sub })

    assert.equal(summaries.takeAll().length, 6)
  })

  it('begin anew when they were taken', () => {
    const summaries = createSummaries({ maxGroups: 10 })
    const event = bareEvent({ count: 1 })
    summaries.add(event)
    summaries.takeAll()

    summaries.add(event)

    assert.deepEqual(summaries.takeAll(), [event])
    assert.deepEqual(summaries.takeAll(), [])
  })

  it('of ever new names are summed up by their source, and those of ever new sources by their type', () => {
    const summaries = createSummaries({ maxGroups: 10 })

    for (let name = 0; name < 1_000; name++) summaries.add(failure(`name ${name}`, one))
    for (let source = 0; source < 1_000; source++)
      summaries.add(failure('name', `source ${source}`))

    const all = summaries.takeAll()
    const counts = all.map(({ account, source, count }) => ({ account, source, count }))
    assert.equal(all.length, 10 + 10 + 1)
    assert.deepEqual(counts[10], { account: undefined, source: one, count: 990 })
    assert.deepEqual(counts.at(-1), { account: undefined, source: undefined, count: 991 })
    const sum = all.reduce((total, { count }) => total + count, 0)
    assert.equal(sum, 2_000)
  })
})

function who({ sub, actor, account }: ReturnType<typeof newEvent>) {
  return { sub, actor, account }
}

function failure(account: string, source: string) {
  return bareEvent({ account, source, count: 1 })
}
