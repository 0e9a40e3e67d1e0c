import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ClientOfflineError } from '@redis/client'
import { assertUnavailable } from '../contract.ts'
import { deadlineMilliseconds, manualLink, peek, take } from './manual-connections.ts'

describe('The link to a Cluster', () => {
  it('leaves others at work on a connection when a call on it took too long', async (t) => {
    const { link, open, pass } = manualLink(t, { isOneSocket: false })
    const first = await open()
    const slow = take(link)
    await pass(deadlineMilliseconds - 100)
    const other = take(link)
    await pass(100)

    await first.sentAt(1).answer('found')

    await assertUnavailable(slow)
    assert.equal(await other, 'found')
    assert.equal(first.isDestroyed(), false)
  })

  it('uses the next connection as soon as there is one, and ends the first after a deadline', async (t) => {
    const { link, open, pass, tries } = manualLink(t, { isOneSocket: false })
    const first = await open()
    const slow = peek(link)
    await pass(deadlineMilliseconds)
    await assertUnavailable(slow)
    assert.equal(tries(), 2)

    const second = await open()
    const later = peek(link)
    await second.sentAt(0).answer('found')

    assert.equal(await later, 'found')
    assert.equal(first.isDestroyed(), false)
    await pass(deadlineMilliseconds)
    assert.deepEqual([first.isDestroyed(), second.isDestroyed()], [true, false])
  })

  it('tells the driver at the deadline that the call is not to be sent any more', async (t) => {
    const { link, open, pass } = manualLink(t, { isOneSocket: false })
    const connection = await open()
    const answer = take(link)
    const { signal } = connection.sentAt(0)
    await pass(deadlineMilliseconds - 1)
    assert.equal(signal?.aborted, false)

    await pass(1)

    assert.equal(signal.aborted, true)
    await assertUnavailable(answer)
  })

  it('makes a take once more that was not sent, after a while', async (t) => {
    const { link, open, pass } = manualLink(t, { isOneSocket: false })
    const first = await open()
    const answer = take(link)
    await first.sentAt(0).fail(new ClientOfflineError())
    const second = await open()
    assert.deepEqual(second.sent, [])

    await pass(250)
    await second.sentAt(0).answer('found')

    assert.equal(await answer, 'found')
  })
})
