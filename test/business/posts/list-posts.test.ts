import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, it } from 'node:test'
import { uuidV7 } from '../../../src/uuid-v7.ts'
import { type Member, type ShownPost, startPosts } from './started-posts.ts'

interface Page {
  readonly items: readonly ShownPost[]
  readonly next_cursor: string | null
}

async function startListed(t: Parameters<typeof startPosts>[0]) {
  const started = await startPosts(t)
  const list = async (member: Member, query = ''): Promise<Page> => {
    const { status, body } = await started.call('GET', `/posts${query}`, member)
    assert.equal(status, 200, JSON.stringify(body))
    return body as unknown as Page // the server holds its answers against their shape
  }
  return { ...started, list }
}

const idsOf = (items: readonly ShownPost[]) => items.map(({ id }) => id)

describe('GET /posts', () => {
  it('is an empty page where there is nothing', async (t) => {
    const { join, list } = await startListed(t)

    assert.deepEqual(await list(await join()), { items: [], next_cursor: null })
  })

  it('shows whole posts, the newest first, with the votes of who asks', async (t) => {
    const { join, list, read, vote, write } = await startListed(t)
    const [ann, bob] = [await join(), await join()]
    const written = [await write(ann), await write(bob), await write(ann)]
    await vote(ann, written[1] ?? { id: '' }, 'like')

    const { items } = await list(ann)

    const newest = idsOf(written).sort().reverse() // those of one millisecond are in any order
    assert.deepEqual(idsOf(items), newest)
    const found = await Promise.all(newest.map((id) => read(ann, { id })))
    assert.deepEqual(items, found)
    const votes = (await list(bob)).items.map(({ likes, my_vote: own }) => [likes, own])
    assert.deepEqual(votes.sort(), [
      [0, null],
      [0, null],
      [1, null],
    ])
  })

  it('gives each post on one page while others are written and deleted', async (t) => {
    const { call, join, list, write } = await startListed(t)
    const member = await join()
    const written: ShownPost[] = []
    while (written.length < 7) written.push(await write(member))
    const expected = idsOf(written).sort().reverse()

    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const after = cursor === '' ? '' : `&after=${cursor}`
      const { items, next_cursor: next } = await list(member, `?limit=3${after}`)
      seen.push(...idsOf(items))
      cursor = next
      await write(member)
      await call('DELETE', `/posts/${seen.at(-1)}`, member)
    }

    assert.deepEqual(seen, expected)
  })

  it('has no cursor on the last page, also where that is full', async (t) => {
    const { join, list, write } = await startListed(t)
    const member = await join()
    for (let count = 0; count < 4; count++) await write(member)

    const first = await list(member, '?limit=2')
    const last = await list(member, `?limit=2&after=${first.next_cursor}`)

    assert.equal(first.next_cursor, first.items.at(-1)?.id)
    assert.deepEqual([last.items.length, last.next_cursor], [2, null])
  })

  it('shows at most a hundred posts, and as many where nothing is said', async (t) => {
    const { join, list, write } = await startListed(t)
    const member = await join()
    for (let count = 0; count < 101; count++) await write(member)

    const page = await list(member)

    assert.equal(page.items.length, 100)
    assert.equal((await list(member, `?after=${page.next_cursor}`)).items.length, 1)
  })

  it('shows the posts of one author', async (t) => {
    const { join, list, write } = await startListed(t)
    const [ann, bob] = [await join(), await join()]
    const own = [await write(ann), await write(ann)]
    await write(bob)

    const first = await list(bob, `?author=${ann.id}&limit=1`)
    const last = await list(bob, `?author=${ann.id}&limit=1&after=${first.next_cursor}`)

    assert.deepEqual(idsOf([...first.items, ...last.items]), idsOf(own).sort().reverse())
    assert.equal(last.next_cursor, null)
    for (const nobody of [randomUUID(), '%00', "'--", '__proto__'])
      assert.deepEqual((await list(bob, `?author=${nobody}`)).items, [])
  })

  it('goes on behind a cursor whose post never was', async (t) => {
    const { join, list, write } = await startListed(t)
    const member = await join()
    const { id } = await write(member)

    const [before, behind] = [
      await list(member, `?after=${uuidV7(1)}`),
      await list(member, `?after=${uuidV7(Date.now() + 60_000)}`),
    ]

    assert.deepEqual([before.items, idsOf(behind.items)], [[], [id]])
  })

  const cursors = ['', 'x', '%00', '0', 'g'.repeat(36), "1'--", randomUUID().toUpperCase()]
  const long = 'a'.repeat(65)
  const bad = [
    ...[...cursors, long, `${randomUUID()}&after=${randomUUID()}`].map((one) => `after=${one}`),
    ...['0', '101', '-1', '1.5', 'x', '', '1000', '1e1', '1&limit=1'].map((one) => `limit=${one}`),
    `author=${long}`,
    'author=%FF',
  ]
  it('refuses a query that is malformed, doubled or over-long', async (t) => {
    const { call, join } = await startListed(t)
    const { token } = await join()

    for (const query of bad) {
      const { status, body } = await call('GET', `/posts?${query}`, { token })

      assert.deepEqual([status, body.error], [400, 'invalid_request'], query)
      assert.equal('items' in body, false)
    }
  })
})
