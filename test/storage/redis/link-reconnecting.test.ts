import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { manualLink } from './manual-connections.ts'

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
