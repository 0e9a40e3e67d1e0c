import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { systemClock } from '../../../src/clock.ts'
import { openRedisRunner } from '../../../src/storage/redis/open.ts'
import { skipUnless } from '../../kit/installed.ts'
import { recordedLog } from '../../kit/log.ts'
import { startRedis } from '../../kit/redis.ts'
import { redisUsers } from '../../kit/redis-users.ts'
import { share } from '../../kit/shared-servers.ts'
import { assertUnavailable } from '../../storage/contract.ts'
import { parseRedisUrl } from '../../storage/redis/open-tokens.ts'
import { openRedisTasks } from './open-stores.ts'
import { taskContract } from './task-contract.ts'
import { add, claim, finishOne, newTask, owner } from './task-kit.ts'

describe('on one Redis', { skip: skipUnless('redis-server') }, () => {
  const users = redisUsers()
  const redis = share((context) => startRedis(context, { aclLines: users.lines }))

  function openRunner(t: TestContext) {
    const url = parseRedisUrl(redis().urlAs('sallyport_business', users.businessPassword))
    const runner = openRedisRunner({ url, clock: systemClock, log: recordedLog() })
    t.after(() => runner.close())
    return runner
  }

  async function open(t: TestContext) {
    await redis().cli('FLUSHALL')
    return openRedisTasks(openRunner(t))
  }

  const keys = async () => (await redis().cli('KEYS', '*')).split('\n').filter((key) => key !== '')

  taskContract('tasks in Redis', open)

  it('lie in one slot, under the name of business and events', async (t) => {
    const { store } = await open(t)
    await finishOne(store)
    await add(store)

    const found = await keys()

    assert.equal(found.length, 5)
    for (const key of found) assert.match(key, /^sallyport:business:\{events\}:tasks/)
  })

  it('leave nothing behind of an owner when all that he had is kept no more', async (t) => {
    const { under, pass } = await open(t)
    const store = under({ retentionMilliseconds: 300 })
    await finishOne(store)
    await finishOne(store)

    await pass(400)

    assert.deepEqual(await keys(), ['sallyport:business:{events}:tasks'])
    await store.add(newTask())
    assert.equal(await redis().cli('ZCARD', 'sallyport:business:{events}:tasks'), '1')
  })

  it('leave nothing behind of a task that made room for one of another owner', async (t) => {
    const { under } = await open(t)
    const store = under({ maxTasks: 1 })
    await finishOne(store)

    const { id } = await add(store, { owner: 'other' })

    const found = (await keys()).map((key) => key.replace('sallyport:business:{events}:tasks', ''))
    assert.deepEqual(found.sort(), ['', ':due', ':of:other', `:one:${id}`])
    assert.equal(await redis().cli('ZRANGE', 'sallyport:business:{events}:tasks', '0', '-1'), id)
  })

  it('go on where a task is gone that was due', async (t) => {
    const { store } = await open(t)
    const { id } = await add(store)
    const { id: other } = await add(store)
    await redis().cli('DEL', `sallyport:business:{events}:tasks:one:${id}`)

    assert.equal((await claim(store)).id, other)
    assert.equal(await store.claim(), undefined)
    assert.equal(await store.find(id, owner), undefined)
  })

  it('refuse everything with 503 while Redis is away', async (t) => {
    const runner = openRunner(t)
    runner.close()
    const { store } = openRedisTasks(runner)
    const task = { id: newTask().id, fence: 1 }

    for (const call of [
      () => store.add(newTask()),
      () => store.claim(),
      () => store.progress(task, 1),
      () => store.finish(task, '{}'),
      () => store.fail(task, 1),
      () => store.release(task),
      () => store.cancel(task.id, owner),
      () => store.find(task.id, owner),
      () => store.list({ owner, limit: 1 }),
    ])
      await assertUnavailable(call())
  })
})
