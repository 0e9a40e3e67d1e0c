/** A business that leaves the work to worker processes, on a real Redis: any worker may die. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { demoCredentials } from '../../kit/demo.ts'
import { skipUnless } from '../../kit/installed.ts'
import { spawnScript, startBoth, type Variables, waitUntil } from '../../kit/processes.ts'
import { startProvisioned } from '../../kit/provisioned.ts'
import { startRedis } from '../../kit/redis.ts'
import { redisUsers } from '../../kit/redis-users.ts'
import { logIn } from '../../kit/servers.ts'
import { share } from '../../kit/shared-servers.ts'
import { callsTo } from './task-servers.ts'

/** Takes seconds. */
const long = { below: 1_000_000_000 }
const longResult = { primes: 50_847_534 }
/** Longer than a lease and a computation on a busy machine. */
const patience = 90

describe('Tasks of several processes', {
  skip: skipUnless('redis-server', 'postgres'),
  timeout: 600_000,
}, () => {
  const shared = share(async (t) => {
    const users = redisUsers()
    const redis = await startRedis(t, { aclLines: users.lines, appendOnly: 'always' })
    const database = await startProvisioned(t)
    const variables: Variables = {
      APP_ENV: 'demo',
      EVENTS: redis.urlAs('sallyport_business', users.businessPassword),
      CONTENT_STORE: database.business,
    }
    const { business, auth } = await startBoth(t, { ...variables, WORKERS: 'apart' })
    return { redis, variables, business, auth }
  })

  /** Somebody who logs in anew, because tests take longer than a session lives unused. */
  async function setUp(t: TestContext) {
    const { redis, variables, business, auth } = shared()
    const calls = callsTo(business.url, await logIn(auth.url, demoCredentials))

    async function startWorker() {
      const worker = spawnScript('../../src/business/main-worker.js', variables)
      t.after(() => worker.child.kill('SIGKILL'))
      await waitUntil(() => worker.find('working').length > 0, 30)
      return worker
    }

    /** A worker that is in the middle of a long task, and the task. */
    async function startComputing() {
      const worker = await startWorker()
      const id = await calls.add('/compute', long)
      await waitUntil(
        async () => Number((await calls.get(`/tasks/${id}`)).body.progress) > 0,
        patience,
      )
      return { worker, id }
    }

    return { ...calls, redis, business, startWorker, startComputing }
  }

  it('are taken over from a worker that was killed, and done once', async (t) => {
    const { get, untilState, startWorker, startComputing } = await setUp(t)
    const { worker, id } = await startComputing()

    worker.signal('SIGKILL')
    await worker.ended
    await startWorker()

    const { result, tries, updated_at } = await untilState(id, 'done', patience)
    assert.deepEqual({ result, tries }, { result: longResult, tries: 2 })
    const { body } = await get(`/tasks/${id}`)
    assert.deepEqual([body.result, body.updated_at], [longResult, updated_at])
  })

  it('are taken over from a worker that hangs, which can file nothing when it goes on', async (t) => {
    const { get, untilState, startWorker, startComputing } = await setUp(t)
    const { worker, id } = await startComputing()

    worker.signal('SIGSTOP')
    await startWorker()
    const done = await untilState(id, 'done', patience)
    worker.signal('SIGCONT')

    const left = 'a task was left: it is not ours any more'
    await waitUntil(() => worker.find(left).length === 1, patience)
    assert.deepEqual([done.result, done.tries], [longResult, 2])
    assert.deepEqual((await get(`/tasks/${id}`)).body, done)
  })

  it('are given back by a worker that is stopped, which counts as no try', async (t) => {
    const { untilState, startWorker, startComputing } = await setUp(t)
    const { worker, id } = await startComputing()

    worker.signal('SIGTERM')
    const { code } = await worker.ended
    const { tries } = await untilState(id, 'queued')
    await startWorker()

    assert.deepEqual([code, tries], [0, 0])
    const done = await untilState(id, 'done', patience)
    assert.deepEqual([done.result, done.tries], [longResult, 1])
  })

  it('wait for a worker while there is none, and are all done by workers of which each is killed', async (t) => {
    const { get, add, business, startWorker } = await setUp(t)
    const ids: string[] = []
    for (let added = 0; added < 10; added++) ids.push(await add('/compute', { below: 50_000_000 }))
    assert.equal(await countDone(get, ids), 0)

    for (let kills = 0; kills < 2; kills++) {
      const worker = await startWorker()
      const before = await countDone(get, ids)
      await waitUntil(async () => (await countDone(get, ids)) > before + kills, patience)
      worker.signal('SIGKILL')
      await worker.ended
    }
    await startWorker()
    await waitUntil(async () => (await countDone(get, ids)) === ids.length, patience)

    for (const id of ids)
      assert.deepEqual((await get(`/tasks/${id}`)).body.result, { primes: 3_001_134 })
    assert.equal(business.output().includes('a task failed'), false)
  })

  it('are done though Redis dies and comes back meanwhile', async (t) => {
    const { redis, get, startComputing, untilState } = await setUp(t)
    const { id } = await startComputing()

    await redis.restart()

    await waitUntil(async () => (await get(`/tasks/${id}`)).status === 200, patience)
    const { result } = await untilState(id, 'done', patience)
    assert.deepEqual(result, longResult)
  })
})

type Get = ReturnType<typeof callsTo>['get']

async function countDone(get: Get, ids: readonly string[]): Promise<number> {
  const { body } = await get('/tasks?state=done')
  return (body.items as readonly { id: string }[]).filter(({ id }) => ids.includes(id)).length
}
