import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { memorySessionIndex } from '../../../src/auth/sessions/memory.ts'
import { manualClock } from '../../kit/clock.ts'
import { sessionIndexContract } from './index-contract.ts'
import { lifeSeconds, newSession } from './index-kit.ts'
import { sessionLimitContract } from './limit-contract.ts'
import { openRealTime } from './open-memory.ts'

function openWithClock() {
  const clock = manualClock()
  return { clock, index: memorySessionIndex({ now: clock.now, lifeSeconds }) }
}

sessionIndexContract('the session index in memory', async () => openWithClock())
sessionLimitContract('sessions in memory', async (t) => openRealTime(t))

describe('the session index in memory', () => {
  it('keeps a user until his last session must be dead, and not longer', async () => {
    const { clock, index } = openWithClock()
    const [first, second] = [newSession(), newSession()]
    await index.add('user', first)
    clock.advance(1_000)
    await index.add('user', second)

    clock.advance(lifeSeconds * 1000 - 1)
    await index.evictExpired(10)
    const before = await index.list('user')
    clock.advance(1)
    await index.evictExpired(10)

    assert.deepEqual(before, [first, second])
    assert.deepEqual(await index.list('user'), [])
  })

  it('finds those who are due behind a user who came back', async () => {
    const { clock, index } = openWithClock()
    const session = newSession()
    await index.add('returning', session)
    await index.add('gone', session)
    clock.advance(1_000)
    await index.add('returning', session)

    clock.advance(lifeSeconds * 1000 - 1_000)
    await index.evictExpired(10)

    assert.deepEqual(await index.list('gone'), [])
    assert.deepEqual(await index.list('returning'), [session])
  })

  it('evicts no more users than it is told to', async () => {
    const { clock, index } = openWithClock()
    const users = ['one', 'two', 'three']
    for (const user of users) await index.add(user, newSession())
    clock.advance(lifeSeconds * 1000)

    await index.evictExpired(2)

    const left = await Promise.all(users.map((user) => index.list(user)))
    assert.deepEqual(
      left.map(({ length }) => length),
      [0, 0, 1],
    )
  })
})
