import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ClientClosedError, ClientOfflineError, ErrorReply } from '@redis/client'
import { assertUnavailable } from '../contract.ts'
import { manualLink, peek, take } from './manual-connections.ts'

describe('The link to Redis, told of an error,', () => {
  for (const word of ['READONLY', 'LOADING', 'MASTERDOWN', 'CLUSTERDOWN', 'TRYAGAIN'])
    it(`makes a take once more on the next connection where Redis says ${word}`, async (t) => {
      const { link, open } = manualLink(t)
      const first = await open()
      const answer = take(link)
      await first.sentAt(0).fail(new ErrorReply(`${word} says Redis.`))

      const second = await open()
      await second.sentAt(0).answer('found')

      assert.equal(await answer, 'found')
      assert.equal(first.isDestroyed(), true)
    })

  for (const unsent of [new ClientOfflineError(), new ClientClosedError()])
    it(`makes a take once more that was not sent: ${unsent.message}`, async (t) => {
      const { link, open } = manualLink(t)
      const first = await open()
      const answer = take(link)
      await first.sentAt(0).fail(unsent)

      const second = await open()
      await second.sentAt(0).answer('found')

      assert.equal(await answer, 'found')
    })

  it('makes a call no more than twice', async (t) => {
    const { link, open } = manualLink(t)
    const readOnly = new ErrorReply('READONLY says Redis.')
    const first = await open()
    const answer = peek(link)
    await first.sentAt(0).fail(readOnly)
    const second = await open()

    await second.sentAt(0).fail(readOnly)

    await assertUnavailable(answer)
    assert.deepEqual((await open()).sent, [])
  })

  for (const fault of [
    new ErrorReply('OOM command not allowed'),
    new ErrorReply('NOPERM this user'),
    new ErrorReply('READONLYISH'),
    new Error('The queue is full'),
  ])
    it(`refuses at once and keeps the connection: ${fault.message}`, async (t) => {
      const { link, open } = manualLink(t)
      const connection = await open()
      const answer = peek(link)

      await connection.sentAt(0).fail(fault)

      await assertUnavailable(answer)
      assert.equal(connection.isDestroyed(), false)
    })
})
