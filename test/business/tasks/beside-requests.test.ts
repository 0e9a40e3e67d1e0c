import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { callAt } from '../../kit/auth-calls.ts'
import { getData } from '../../kit/servers.ts'
import { startTaskServers } from './task-servers.ts'

/** The greatest that is let in: takes seconds. */
const below = 1_000_000_000

describe('a computation', { timeout: 120_000 }, () => {
  it('lets both servers answer meanwhile, and stops when it is cancelled', async (t) => {
    const { url, auth, token, get, add, cancel, untilState } = await startTaskServers(t)
    const id = await add('/compute', { below })
    await untilState(id, 'running')

    const health = [await fetch(`${url}/healthz`), await fetch(`${auth.url}/healthz`)]
    const data = await getData(url, token)
    const { state } = (await get(`/tasks/${id}`)).body

    assert.deepEqual(
      [...health, data].map(({ status }) => status),
      [200, 200, 200],
    )
    assert.equal(state, 'running')
    assert.equal((await cancel(id)).status, 204)
    await untilState(await add('/string', { length: 1 }), 'done') // one at a time: its turn has come
    const { state: end, result } = (await get(`/tasks/${id}`)).body
    assert.deepEqual([end, result], ['cancelled', null])
  })

  it('shows how far it is, and comes to the right end', async (t) => {
    const { url, token, add } = await startTaskServers(t)
    const id = await add('/compute', { below })

    const seen = new Set<number>()
    let body: Readonly<Record<string, unknown>> = {}
    do {
      body = (await callAt(`${url}/tasks/${id}`, 'GET', { token })).body
      seen.add(Number(body.progress))
    } while (body.state === 'queued' || body.state === 'running')

    assert.deepEqual(body.result, { primes: 50_847_534 })
    const between = [...seen].filter((percent) => percent > 0 && percent < 100)
    assert.ok(between.length > 0, [...seen].join())
    assert.deepEqual(
      [...seen],
      [...seen].sort((one, other) => one - other),
    )
  })
})
