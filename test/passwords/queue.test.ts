import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Refusal } from '../../src/http/refusal.ts'
import { createQueue } from '../../src/passwords/queue.ts'
import { createGate } from '../kit/gate.ts'

describe('the hashing queue', () => {
  it('answers with what the work answers', async () => {
    const queue = createQueue({ concurrency: 1, maxWaiting: 0 })

    const answer = await queue(async () => 'done')

    assert.equal(answer, 'done')
  })

  it('runs waiting work in the order in which it came', async () => {
    const queue = createQueue({ concurrency: 1, maxWaiting: 10 })
    const order: number[] = []
    const numbers = [1, 2, 3, 4, 5]

    await Promise.all(numbers.map((number) => queue(async () => order.push(number))))

    assert.deepEqual(order, numbers)
  })

  it('runs as many at once as it may, and never more', async () => {
    const queue = createQueue({ concurrency: 2, maxWaiting: 10 })
    let running = 0
    let most = 0
    const work = async () => {
      most = Math.max(most, ++running)
      await new Promise(setImmediate)
      running--
    }

    await Promise.all(Array.from({ length: 10 }, () => queue(work)))

    assert.equal(most, 2)
    assert.equal(running, 0)
  })

  it('does not let a newcomer overtake who waits', async () => {
    const queue = createQueue({ concurrency: 1, maxWaiting: 10 })
    const order: string[] = []
    const gate = createGate()
    const running = queue(async () => {
      await gate.opened
      order.push('running')
    })
    const waiting = queue(async () => order.push('waiting'))

    gate.open()
    await running
    const newcomer = queue(async () => order.push('newcomer'))

    await Promise.all([waiting, newcomer])
    assert.deepEqual(order, ['running', 'waiting', 'newcomer'])
  })

  it('refuses with 503 and Retry-After what would wait too long, and does not begin it', async () => {
    const queue = createQueue({ concurrency: 1, maxWaiting: 1 })
    const gate = createGate()
    let hasBegun = false
    const accepted = [queue(() => gate.opened), queue(() => gate.opened)]

    const refused = queue(async () => {
      hasBegun = true
    })

    await assert.rejects(refused, (error) => {
      assert.ok(error instanceof Refusal)
      assert.equal(error.code, 'temporarily_unavailable')
      assert.equal(error.status, 503)
      assert.match(error.headers['Retry-After'] ?? '', /^[1-9]\d*$/)
      return true
    })
    assert.equal(hasBegun, false)
    gate.open()
    await Promise.all(accepted)
  })

  it('accepts again when a place is free', async () => {
    const queue = createQueue({ concurrency: 1, maxWaiting: 0 })
    const gate = createGate()
    const running = queue(() => gate.opened)
    await assert.rejects(
      queue(async () => 'refused'),
      Refusal,
    )

    gate.open()
    await running

    assert.equal(await queue(async () => 'accepted'), 'accepted')
  })

  it('frees the place of work that fails, and passes its error on', async () => {
    const queue = createQueue({ concurrency: 1, maxWaiting: 1 })
    const failure = new Error('the work failed')
    const failing = queue(() => Promise.reject(failure))
    const next = queue(async () => 'next')

    await assert.rejects(failing, failure)

    assert.equal(await next, 'next')
    assert.equal(await queue(async () => 'and the next'), 'and the next')
  })

  it('frees the place of work that throws before it has a promise', async () => {
    const queue = createQueue({ concurrency: 1, maxWaiting: 0 })
    const failure = new Error('thrown at once')

    const failing = queue(() => {
      throw failure
    })

    await assert.rejects(failing, failure)
    assert.equal(await queue(async () => 'next'), 'next')
  })
})
