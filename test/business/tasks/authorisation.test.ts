import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { callAt } from '../../kit/auth-calls.ts'
import { callsTo, idleTasks, startTaskServers } from './task-servers.ts'

const calls = [
  ['POST', '/compute', { below: 10 }],
  ['POST', '/string', { length: 10 }],
  ['GET', '/tasks'],
  ['GET', '/tasks/:id'],
  ['DELETE', '/tasks/:id'],
] as const

describe('tasks', { timeout: 60_000 }, () => {
  for (const [method, path, json] of calls) {
    it(`are refused at ${method} ${path} without a token, and with a dead one`, async (t) => {
      const { url, auth, get, add, token } = await startTaskServers(t, { capability: idleTasks })
      const id = await add('/compute', { below: 10 })
      const { token: dead } = (
        await callAt(`${auth.url}/login`, 'POST', {
          json: { username: 'user@example.com', password: 'correct horse' },
        })
      ).body
      await callAt(`${auth.url}/logout`, 'POST', { token: String(dead) })
      const target = `${url}${path.replace(':id', id)}`
      const sent = json === undefined ? {} : { json }

      const bare = await callAt(target, method, sent)
      const refused = await callAt(target, method, { ...sent, token: String(dead) })

      assert.deepEqual([bare.status, bare.body.error], [401, 'missing_token'])
      assert.deepEqual([refused.status, refused.body.error], [401, 'invalid_token'])
      assert.notEqual(token, dead)
      const { items } = (await get('/tasks')).body
      assert.deepEqual(
        (items as { id: string; state: string }[]).map((one) => [one.id, one.state]),
        [[id, 'queued']],
      )
    })
  }

  it('of somebody else are like none at all', async (t) => {
    const { url, otherToken, get, add } = await startTaskServers(t, { capability: idleTasks })
    const id = await add('/compute', { below: 10 })
    const other = callsTo(url, otherToken)
    const missing = '0192f0c1-0000-7000-8000-000000000000'

    const theirs = [await other.get(`/tasks/${id}`), await other.cancel(id)]
    const nobodys = [await other.get(`/tasks/${missing}`), await other.cancel(missing)]

    const tell = ({ status, body }: (typeof theirs)[number]) => [
      status,
      body.error,
      body.error_description,
    ]
    assert.deepEqual(theirs.map(tell), nobodys.map(tell))
    assert.deepEqual(
      theirs.map(({ status }) => status),
      [404, 404],
    )
    assert.deepEqual((await other.get('/tasks')).body.items, [])
    assert.equal((await get(`/tasks/${id}`)).body.state, 'queued')
  })

  it('of one user do not count against the limit of another', async (t) => {
    const { url, otherToken, add } = await startTaskServers(t, { capability: idleTasks })
    for (let added = 0; added < 10; added++) await add('/string', { length: 1 })

    const id = await callsTo(url, otherToken).add('/string', { length: 1 })

    assert.notEqual(id, '')
  })
})
