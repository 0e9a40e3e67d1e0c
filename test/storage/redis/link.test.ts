import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ClientClosedError, ClientOfflineError, ErrorReply } from '@redis/client'
import type { Link } from '../../../src/storage/redis/link.ts'
import { settle } from '../../kit/cleanup.ts'
import { assertUnavailable } from '../contract.ts'
import { deadlineMilliseconds, manualLink } from './manual-connections.ts'

const peek = (link: Link) => use(link, 'peek', true)
const take = (link: Link) => use(link, 'take', false)

describe('The link to Redis', () => {
  it('lets a call wait for the connection', async (t) => {
    const { link, open } = manualLink(t)
    const answer = take(link)

    const connection = await open()
    await connection.sentAt(0).answer('found')

    assert.equal(await answer, 'found')
  })

  it('never starts a call whose deadline passed while it waited', async (t) => {
    const { link, open, pass } = manualLink(t)
    const answer = take(link)

    await pass(deadlineMilliseconds)

    await assertUnavailable(answer)
    assert.deepEqual((await open()).sent, [])
  })

  it('does not refuse a call that waits before its deadline', async (t) => {
    const { link, open, pass } = manualLink(t)
    const answer = take(link)
    await pass(deadlineMilliseconds - 1)

    const connection = await open()
    await connection.sentAt(0).answer('found')

    assert.equal(await answer, 'found')
  })

  it('makes a call once more that may run twice, where the connection was lost', async (t) => {
    const { link, open } = manualLink(t)
    const first = await open()
    const answer = peek(link)
    await first.lose()

    const second = await open()
    await second.sentAt(0).answer('found')

    assert.equal(await answer, 'found')
    assert.equal(first.isDestroyed(), true)
  })

  it('refuses a take whose answer was lost, and does not make it again', async (t) => {
    const { link, open } = manualLink(t)
    const first = await open()
    const answer = take(link)
    await first.lose()

    const second = await open()

    await assertUnavailable(answer)
    assert.deepEqual([first.sent.length, second.sent.length], [1, 0])
  })

  it('gives up a connection that did not answer in time, and repeats nothing', async (t) => {
    const { link, open, pass } = manualLink(t)
    const first = await open()
    const answer = peek(link)

    await pass(deadlineMilliseconds)

    await assertUnavailable(answer)
    assert.equal(first.isDestroyed(), true)
    assert.deepEqual((await open()).sent, [])
  })

  it('lets others on that connection go on where they may run twice', async (t) => {
    const { link, open, pass } = manualLink(t)
    const first = await open()
    const slow = peek(link)
    await pass(deadlineMilliseconds - 100)
    const [lost, found] = [take(link), peek(link)]
    await pass(100)

    const second = await open()
    await second.sentAt(0).answer('found')

    await assertUnavailable(slow)
    await assertUnavailable(lost)
    assert.equal(await found, 'found')
    assert.deepEqual(commandsOf(first), ['peek', 'take', 'peek'])
    assert.deepEqual(commandsOf(second), ['peek'])
  })

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

  it('refuses at once what waits beyond ten thousand', async (t) => {
    const { link, pass } = manualLink(t)
    const waiting = Array.from({ length: 10_000 }, () => peek(link))

    const answer = peek(link)

    await assertUnavailable(answer)
    await pass(deadlineMilliseconds)
    for (const one of waiting) await assertUnavailable(one)
  })

  it('refuses what waits when it is closed, and connects no more', async (t) => {
    const { link, open, pass, tries } = manualLink(t)
    const waiting = [peek(link), take(link)]

    link.close()

    for (const one of waiting) await assertUnavailable(one)
    await assertUnavailable(peek(link))
    const late = await open()
    await pass(10_000)
    assert.deepEqual([late.isDestroyed(), late.sent, tries()], [true, [], 1])
  })

  it('refuses what is under way when it is closed', async (t) => {
    const { link, open, tries } = manualLink(t)
    const connection = await open()
    const answers = [peek(link), take(link)]

    link.close()

    for (const one of answers) await assertUnavailable(one)
    await settle()
    assert.deepEqual([connection.isDestroyed(), tries()], [true, 1])
  })
})

describe('The link to a Redis that cannot be reached', () => {
  it('tries once more at once, and then for ever, at least every second', async (t) => {
    const { refuse, pass, tries } = manualLink(t)
    await refuse()
    assert.equal(tries(), 2)

    for (let minute = 0; minute < 60 * 60; minute++) {
      const before = tries()
      await refuse()
      assert.equal(tries(), before)
      await pass(1_000)
      assert.equal(tries(), before + 1)
    }
  })

  it('waits longer between two tries, up to a second', async (t) => {
    const { refuse, pass, tries } = manualLink(t)
    await refuse()

    const pauses: number[] = []
    for (let nth = 0; nth < 8; nth++) {
      const before = tries()
      await refuse()
      let milliseconds = 0
      for (; tries() === before; milliseconds += 10) await pass(10)
      pauses.push(milliseconds)
    }

    assert.deepEqual(pauses, [40, 80, 160, 320, 640, 1_000, 1_000, 1_000])
  })

  it('takes a connection that is lost at once for one that was never had', async (t) => {
    const { open, pass, tries } = manualLink(t)

    for (let second = 0; second < 120; second++) {
      const connection = await open()
      await connection.lose()
      await pass(1_000)
    }
    const before = tries()
    const connection = await open()
    await connection.lose()

    assert.equal(tries(), before)
    await pass(1_000)
    assert.equal(tries(), before + 1)
  })

  it('says so once, and once that it is back', async (t) => {
    const { refuse, open, pass, log } = manualLink(t)
    for (let nth = 0; nth < 10; nth++) {
      await refuse()
      await pass(1_000)
    }

    await open()

    assert.equal(log.find('Redis cannot be reached').length, 1)
    assert.equal(log.find('connected to Redis again').length, 1)
  })
})

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

function use(link: Link, name: string, isRepeatable: boolean): Promise<unknown> {
  const answer = link.use(
    (connection, signal) => connection.send('key', [name], signal),
    isRepeatable,
  )
  answer.catch(() => {}) // the test may look at it later
  return answer
}

function commandsOf({ sent }: { readonly sent: readonly { command: readonly string[] }[] }) {
  return sent.map(({ command }) => command.join(' '))
}
