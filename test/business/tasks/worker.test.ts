import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { memoryTasks } from '../../../src/business/tasks/memory.ts'
import { type TaskKind, taskKind, type Work } from '../../../src/business/tasks/task-kind.ts'
import { type TaskStore, taskLimits } from '../../../src/business/tasks/task-store.ts'
import { startTaskWorker } from '../../../src/business/tasks/worker.ts'
import { unavailable } from '../../../src/http/refusal.ts'
import { object } from '../../../src/http/shape.ts'
import { manualClock } from '../../kit/clock.ts'
import { recordedLog } from '../../kit/log.ts'
import { waitUntil } from '../../kit/processes.ts'
import { add, owner } from './task-kit.ts'

interface Performance {
  readonly work: Work
  readonly finish: (primes: number) => void
  readonly fail: (error: Error) => void
}

/** A kind whose tasks end when the test says so. */
function heldKind(): { readonly kind: TaskKind; readonly performed: Performance[] } {
  const performed: Performance[] = []
  const kind = taskKind({
    name: 'compute',
    summary: 'Wait for the test',
    input: object({}),
    perform: (_, work) =>
      new Promise((resolve, reject) => {
        work.signal.addEventListener('abort', () => reject(new Error('ended')))
        performed.push({ work, finish: (primes) => resolve({ primes }), fail: reject })
      }),
  })
  return { kind, performed }
}

function start(t: TestContext, { maxRunning = 1, spoil = {} as Partial<TaskStore> } = {}) {
  const clock = manualClock()
  const log = recordedLog()
  const right = memoryTasks({ now: clock.now, limits: taskLimits })
  const store = { ...right, ...spoil }
  const { kind, performed } = heldKind()
  const open = () => {
    const kinds = [kind]
    const worker = startTaskWorker({ store, kinds, clock, log, random: () => 0, maxRunning })
    t.after(() => worker.stop())
    return worker
  }
  const worker = open()
  const untilPerformed = (times: number) => waitUntil(() => performed.length === times)
  const find = async (id: string) => await store.find(id, owner)
  const untilState = (id: string, state: string) =>
    waitUntil(async () => (await find(id))?.state === state)
  const settled = () => new Promise((resolve) => setImmediate(resolve))
  return {
    clock,
    log,
    right,
    store,
    performed,
    worker,
    open,
    find,
    untilPerformed,
    untilState,
    settled,
  }
}

describe('a worker of tasks', { timeout: 30_000 }, () => {
  it('does a task when it looks the next time, and at once when it is told', async (t) => {
    const { clock, store, performed, worker, untilPerformed, untilState, settled } = start(t)
    const { id: first } = await add(store)
    await settled()
    assert.equal(performed.length, 0)

    clock.advance(200)
    await untilPerformed(1)
    performed[0]?.finish(1)
    await untilState(first, 'done')
    await add(store)
    worker.look()

    await untilPerformed(2)
  })

  it('does no more at once than it may, and the next when one is done', async (t) => {
    const { clock, store, performed, find, untilPerformed, untilState, settled } = start(t, {
      maxRunning: 2,
    })
    const tasks = [await add(store), await add(store), await add(store)]
    clock.advance(200)
    await untilPerformed(2)
    clock.advance(400)
    await settled()
    assert.equal(performed.length, 2)

    performed[1]?.finish(7)
    await untilPerformed(3)

    const done = tasks.find(({ id }) => id === performed[1]?.work.id)
    await untilState(done?.id ?? '', 'done')
    assert.equal((await find(done?.id ?? ''))?.result, '{"primes":7}')
  })

  it('tells how far a task is, which keeps it from others for as long as it takes', async (t) => {
    const { clock, store, performed, find, untilPerformed, settled } = start(t)
    const { id } = await add(store)
    clock.advance(200)
    await untilPerformed(1)

    for (let told = 1; told <= 60; told++) {
      performed[0]?.work.report(told)
      clock.advance(500)
      await settled()
    }

    const { state, progress, tries } = (await find(id)) ?? {}
    assert.deepEqual({ state, progress, tries }, { state: 'running', progress: 60, tries: 1 })
    assert.equal(await store.claim(), undefined)
  })

  it('ends a task that was cancelled, and counts nothing against it', async (t) => {
    const { clock, log, store, performed, find, untilPerformed } = start(t)
    const { id } = await add(store)
    clock.advance(200)
    await untilPerformed(1)

    await store.cancel(id, owner)
    clock.advance(500)

    await waitUntil(() => performed[0]?.work.signal.aborted === true)
    await waitUntil(() => log.find('a task was left: it is not ours any more').length === 1)
    assert.equal((await find(id))?.state, 'cancelled')
    assert.deepEqual(log.find('a task failed'), [])
  })

  it('tries a task that failed again, later and later, and tells the log alone why', async (t) => {
    const { clock, log, store, performed, find, untilPerformed, untilState, settled } = start(t)
    const { id } = await add(store)
    for (const [index, wait] of [200, 1_000, 2_000, 4_000, 8_000].entries()) {
      clock.advance(wait - 1)
      await settled()
      assert.equal(performed.length, index)
      clock.advance(201)
      await untilPerformed(index + 1)
      performed[index]?.fail(new Error('the planted reason'))
      await untilState(id, index < 4 ? 'queued' : 'failed')
    }

    const task = await find(id)
    assert.equal(task?.tries, 5)
    assert.equal(task?.error, 'It was tried 5 times and did not succeed.')
    assert.equal(log.find('a task failed').length, 5)
    assert.match(log.text(), /the planted reason/)
  })

  it('gives back what it does when it stops, for others to do', async (t) => {
    const { clock, store, performed, worker, open, find, untilPerformed } = start(t)
    const { id } = await add(store)
    clock.advance(200)
    await untilPerformed(1)

    await worker.stop()

    const { state, tries } = (await find(id)) ?? {}
    assert.deepEqual({ state, tries }, { state: 'queued', tries: 0 })
    clock.advance(1_000)
    assert.equal(performed.length, 1)
    open()
    await untilPerformed(2)
  })

  it('gives back also what it was about to get when it stopped', async (t) => {
    let give = () => {}
    const held = new Promise<void>((resolve) => {
      give = resolve
    })
    const { right, store, find, worker, performed } = start(t, {
      spoil: {
        claim: async () => {
          await held
          return await right.claim()
        },
      },
    })
    const { id } = await add(store)

    const stopped = worker.stop()
    give()
    await stopped

    assert.equal((await find(id))?.state, 'queued')
    assert.equal(performed[0]?.work.signal.aborted ?? true, true)
  })

  it('says once that tasks cannot be claimed, and goes on when they can', async (t) => {
    let isAway = true
    const { clock, log, right, store, untilPerformed, settled } = start(t, {
      spoil: {
        claim: async () => {
          if (isAway) throw unavailable('The store cannot do this now.')
          return await right.claim()
        },
      },
    })
    await add(store)
    for (let looks = 0; looks < 5; looks++) {
      clock.advance(200)
      await settled()
    }

    assert.equal(log.find('tasks cannot be claimed').length, 1)
    isAway = false
    clock.advance(200)
    await untilPerformed(1)
  })

  it('leaves a task whose result it could not file to whoever claims it next', async (t) => {
    let isAway = true
    const { clock, log, right, store, performed, untilPerformed, untilState } = start(t, {
      spoil: {
        finish: async (claim, result) => {
          if (isAway) throw unavailable('The store cannot do this now.')
          return await right.finish(claim, result)
        },
      },
    })
    const { id } = await add(store)
    clock.advance(200)
    await untilPerformed(1)
    performed[0]?.finish(1)
    await waitUntil(
      () =>
        log.find('a task was not settled: somebody does it again when its lease has ended')
          .length === 1,
    )

    isAway = false
    clock.advance(taskLimits.leaseMilliseconds)
    await untilPerformed(2)
    performed[1]?.finish(2)

    await untilState(id, 'done')
  })

  it('fails a task of a kind that it does not know, and one that takes for ever', async (t) => {
    const { clock, log, store, performed, untilPerformed, untilState, settled } = start(t)
    const { id: unknown } = await add(store, { kind: 'constructor' })
    clock.advance(200)
    await untilState(unknown, 'queued')
    await waitUntil(() => log.find('a task failed').length === 1)
    await store.cancel(unknown, owner)
    await add(store)
    clock.advance(200)
    await untilPerformed(1)

    for (let passed = 0; passed < 300_000; passed += 500) {
      clock.advance(500)
      await settled()
    }

    await waitUntil(() => log.find('a task failed').length >= 2)
    assert.equal(performed[0]?.work.signal.aborted, true)
  })
})
