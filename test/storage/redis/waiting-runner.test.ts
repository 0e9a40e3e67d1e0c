import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { ClientClosedError, ErrorReply } from '@redis/client'
import type { ScriptCall } from '../../../src/storage/redis/runner.ts'
import { createWaitingScriptRunner } from '../../../src/storage/redis/runner.ts'
import { remove, setMarks } from '../../../src/storage/redis/scripts.ts'
import { assertUnavailable } from '../contract.ts'
import { manualLink } from './manual-connections.ts'

const take = { script: remove, keys: ['token', 'mark'], isRepeatable: false }
const revokeSubject = { script: setMarks, keys: ['mark'], args: ['m', '1'], isRepeatable: true }

describe('A script that waits for replicas', () => {
  it('answers when there are enough of them', async (t) => {
    const { run, open } = waitingRunner(t)
    const connection = await open()
    const answer = run(take)
    await connection.sentAt(0).answer('taken')

    await connection.sentAt(1).answer(2)

    assert.equal(await answer, 'taken')
    assert.deepEqual(connection.sentAt(1).command, ['WAIT', '2', '500'])
  })

  it('is refused where they are too few, and does not run again', async (t) => {
    const { run, open } = waitingRunner(t)
    const connection = await open()
    const answer = run(revokeSubject)
    await connection.sentAt(0).answer(null)

    await connection.sentAt(1).answer(1)

    await assertUnavailable(answer)
    assert.equal(connection.sent.length, 2)
  })

  for (const failure of [
    new ClientClosedError(),
    new ErrorReply('READONLY says Redis.'),
    new Error('read ECONNRESET'),
  ])
    it(`takes nothing twice where the waiting fails: ${failure.message}`, async (t) => {
      const { run, open } = waitingRunner(t)
      const first = await open()
      const answer = run(take)
      await first.sentAt(0).answer('taken')

      await first.sentAt(1).fail(failure)

      await assertUnavailable(answer)
      assert.deepEqual((await open()).sent, [])
    })

  it('runs once more where the waiting failed and to run twice is to run once', async (t) => {
    const { run, open } = waitingRunner(t)
    const first = await open()
    const answer = run(revokeSubject)
    await first.sentAt(0).answer(null)
    await first.sentAt(1).fail(new ClientClosedError())

    const second = await open()
    await second.sentAt(0).answer(null)
    await second.sentAt(1).answer(2)

    assert.equal(await answer, null)
    assert.deepEqual(second.sentAt(0).command, first.sentAt(0).command)
  })
})

function waitingRunner(t: TestContext) {
  const { link, open } = manualLink(t)
  const runner = createWaitingScriptRunner(link, { replicas: 2, milliseconds: 500 })
  const run = (call: ScriptCall) => {
    const answer = runner.run(call)
    answer.catch(() => {}) // the test may look at it later
    return answer
  }
  return { run, open }
}
