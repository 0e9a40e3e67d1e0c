import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { idleTasks, startTaskServers } from './task-servers.ts'

const timeout = 60_000

describe('POST /compute', { timeout }, () => {
  it('answers with a task that is looked at later, and counts the primes', async (t) => {
    const { ask, untilState } = await startTaskServers(t)

    const { status, headers, body } = await ask('POST', '/compute', { below: 1_000_000 })

    const id = String(body.id)
    assert.equal(status, 202)
    assert.equal(headers.get('location'), `/tasks/${id}`)
    const { created_at, updated_at, ...rest } = body
    assert.deepEqual(rest, {
      ...{ id, kind: 'compute', state: 'queued', progress: 0 },
      ...{ result: null, error: null, tries: 0 },
    })
    assert.ok(Number.isSafeInteger(created_at) && updated_at === created_at)
    const { state, progress, result, error, tries } = await untilState(id, 'done')
    assert.deepEqual(
      { state, progress, result, error, tries },
      { state: 'done', progress: 100, result: { primes: 78_498 }, error: null, tries: 1 },
    )
  })

  const malformed = [{}, { below: '10' }, { below: -1 }, { below: 1.5 }, { below: null }]
  for (const json of [...malformed, { below: 1_000_000_001 }, { below: 1e308 }, [], 'text', 7]) {
    it(`refuses ${JSON.stringify(json)}, and files nothing`, async (t) => {
      const { ask, get } = await startTaskServers(t, { capability: idleTasks })

      const { status, body } = await ask('POST', '/compute', json)

      assert.deepEqual([status, body.error], [400, 'invalid_request'])
      assert.deepEqual((await get('/tasks')).body.items, [])
    })
  }
})

describe('POST /string', { timeout }, () => {
  it('makes text of the length that is wished, another one each time', async (t) => {
    const { add, untilState } = await startTaskServers(t)

    const texts: string[] = []
    for (const length of [0, 1, 10_000, 10_000]) {
      const { result } = await untilState(await add('/string', { length }), 'done')
      texts.push((result as { text: string }).text)
    }

    assert.deepEqual(
      texts.map(({ length }) => length),
      [0, 1, 10_000, 10_000],
    )
    for (const text of texts) assert.match(text, /^[\w-]*$/)
    assert.equal(new Set(texts).size, 4)
  })

  for (const json of [{}, { length: 10_001 }, { length: -1 }, { length: '5' }, { length: [5] }]) {
    it(`refuses ${JSON.stringify(json)}, and files nothing`, async (t) => {
      const { ask, get } = await startTaskServers(t, { capability: idleTasks })

      const { status, body } = await ask('POST', '/string', json)

      assert.deepEqual([status, body.error], [400, 'invalid_request'])
      assert.deepEqual((await get('/tasks')).body.items, [])
    })
  }

  it('is 429 with ten tasks that are not done, until one has ended', async (t) => {
    const { ask, get, add, cancel } = await startTaskServers(t, { capability: idleTasks })
    const first = await add('/compute', { below: 10 })
    for (let added = 1; added < 10; added++) await add('/string', { length: 1 })

    const { status, headers, body } = await ask('POST', '/string', { length: 1 })

    assert.deepEqual([status, body.error], [429, 'too_many_requests'])
    assert.match(headers.get('retry-after') ?? '', /^\d+$/)
    assert.equal(((await get('/tasks')).body.items as unknown[]).length, 10)
    await cancel(first)
    await add('/string', { length: 1 })
  })
})

describe('GET /tasks', { timeout }, () => {
  const idsIn = (body: Readonly<Record<string, unknown>>) =>
    (body.items as readonly { id: string }[]).map(({ id }) => id)

  it('lists the newest first, in pages that others do not shift', async (t) => {
    const { get, add } = await startTaskServers(t, { capability: idleTasks })
    const ids: string[] = []
    for (let added = 0; added < 5; added++) ids.unshift(await add('/string', { length: added }))

    const first = await get('/tasks?limit=2')
    await add('/string', { length: 1 })
    const second = await get(`/tasks?limit=2&after=${String(first.body.next_cursor)}`)
    const third = await get(`/tasks?limit=2&after=${String(second.body.next_cursor)}`)

    const listed = [first, second, third].flatMap(({ body }) => idsIn(body))
    assert.deepEqual(listed, ids.sort().reverse())
    assert.equal(third.body.next_cursor, null)
  })

  it('has no cursor on the last page, also where that is full', async (t) => {
    const { get, add } = await startTaskServers(t, { capability: idleTasks })
    for (let added = 0; added < 4; added++) await add('/string', { length: added })

    const first = await get('/tasks?limit=2')
    const last = await get(`/tasks?limit=2&after=${String(first.body.next_cursor)}`)

    assert.equal(first.body.next_cursor, idsIn(first.body).at(-1))
    assert.deepEqual([idsIn(last.body).length, last.body.next_cursor], [2, null])
  })

  it('lists those of one state alone', async (t) => {
    const { get, add, cancel } = await startTaskServers(t, { capability: idleTasks })
    const cancelled = await add('/compute', { below: 1 })
    const queued = await add('/compute', { below: 1 })
    await cancel(cancelled)

    const answers = [await get('/tasks?state=queued'), await get('/tasks?state=cancelled')]
    const none = await get('/tasks?state=done')

    assert.deepEqual(
      answers.map(({ body }) => idsIn(body)),
      [[queued], [cancelled]],
    )
    assert.deepEqual(none.body, { items: [], next_cursor: null })
  })

  const states = ['state=gone', 'state=', 'state=done&state=done']
  const upperCase = '0192F0C1-0000-7000-8000-00000000000A'
  const cursors = ['', 'x', '%00', '%ff', 'g'.repeat(36), 'x'.repeat(65), upperCase]
  const afters = cursors.map((cursor) => `after=${cursor}`)
  for (const query of [...states, ...afters, 'limit=0', 'limit=101', 'limit=x']) {
    it(`refuses the query ${query.slice(0, 24)}`, async (t) => {
      const { get } = await startTaskServers(t, { capability: idleTasks })

      const { status, body } = await get(`/tasks?${query}`)

      assert.deepEqual([status, body.error], [400, 'invalid_request'])
    })
  }
})

describe('DELETE /tasks/:id', { timeout }, () => {
  it('cancels a task, and once more likewise', async (t) => {
    const { get, add, cancel } = await startTaskServers(t, { capability: idleTasks })
    const id = await add('/compute', { below: 1 })

    const statuses = [(await cancel(id)).status, (await cancel(id)).status]

    assert.deepEqual(statuses, [204, 204])
    const { state, result, error } = (await get(`/tasks/${id}`)).body
    assert.deepEqual({ state, result, error }, { state: 'cancelled', result: null, error: null })
  })

  it('is 409 where the task is done, which it stays', async (t) => {
    const { get, add, cancel, untilState } = await startTaskServers(t)
    const id = await add('/string', { length: 3 })
    await untilState(id, 'done')

    const { status, body } = await cancel(id)

    assert.deepEqual([status, body.error], [409, 'conflict'])
    assert.equal((await get(`/tasks/${id}`)).body.state, 'done')
  })
})

describe('tasks', { timeout }, () => {
  const ids = ['x', '%00', '..%2f..', '__proto__', '%F0%9F%98%80', '*', 'x'.repeat(2_000)]

  it('are 404 by whatever else stands in the place of an id', async (t) => {
    const { get, cancel } = await startTaskServers(t, { capability: idleTasks })

    for (const id of ids) {
      const answers = [await get(`/tasks/${id}`), await cancel(id)]
      assert.deepEqual(
        answers.map(({ status }) => status),
        [404, 404],
        id,
      )
    }
  })
})
