import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { settle } from '../../kit/cleanup.ts'
import { assertUnavailable } from '../contract.ts'
import { deadlineMilliseconds, manualLink, peek, take } from './manual-connections.ts'

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

function commandsOf({ sent }: { readonly sent: readonly { command: readonly string[] }[] }) {
  return sent.map(({ command }) => command.join(' '))
}
