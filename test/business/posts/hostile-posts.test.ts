import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bearer, readAnswer } from '../../kit/auth-calls.ts'
import { startPosts } from './started-posts.ts'

const good = { title: 'A Title', content: 'A content.' }

const badTitles: readonly unknown[] = [
  '',
  ' \t ',
  '\u00a0\u2003',
  'a'.repeat(201),
  '😀'.repeat(201),
  'a\0b',
  'a\nb',
  'a\u001b[31mb',
  'a\u007fb',
  'a\u009bb',
  '\ud800',
]
const badContents: readonly unknown[] = [
  '',
  '\n \t',
  'a'.repeat(10_001),
  '😀'.repeat(10_001),
  'a\udfff',
]
const noTexts: readonly unknown[] = [1, 0, true, null, [], ['a'], {}, { toString: 'a' }]

const badFields = [
  ...[...badTitles, ...noTexts].map((title) => ({ title })),
  ...[...badContents, ...noTexts].map((content) => ({ content })),
]

const bodies = [
  ['no object', '[]'],
  ['a text', '"a"'],
  ['null', 'null'],
  ['no JSON', '{'],
  ['a field that stands twice', '{"title":"a","title":"b","content":"c"}'],
  ['deep lists', '['.repeat(10_000)],
  ['its fields on the prototype', '{"__proto__":{"title":"a","content":"b"}}'],
] as const

describe('what is written of posts', () => {
  it('is refused where a field is too long, blank, of another type, or controls a terminal', async (t) => {
    const { call, join, read, write } = await startPosts(t)
    const member = await join()
    const post = await write(member)

    for (const fields of badFields) {
      const what = JSON.stringify(fields).slice(0, 80)
      const created = await call('POST', '/posts', { ...member, json: { ...good, ...fields } })
      const edited = await call('PATCH', `/posts/${post.id}`, { ...member, json: fields })

      assert.deepEqual([created.status, created.body.error], [400, 'invalid_request'], what)
      assert.deepEqual([edited.status, edited.body.error], [400, 'invalid_request'], what)
    }

    assert.deepEqual(await read(member, post), post)
    const { items } = (await call('GET', '/posts', member)).body as { items: unknown[] }
    assert.deepEqual(items, [post])
  })

  it('is refused where a field is missing', async (t) => {
    const { call, join } = await startPosts(t)
    const member = await join()

    for (const json of [{ title: 'A Title' }, { content: 'Text.' }, {}]) {
      const { status, body } = await call('POST', '/posts', { ...member, json })
      assert.deepEqual([status, body.error], [400, 'invalid_request'])
    }

    assert.deepEqual((await call('GET', '/posts', member)).body.items, [])
  })

  for (const [what, body] of bodies)
    it(`is refused where the body is ${what}`, async (t) => {
      const { call, join, url, write } = await startPosts(t)
      const member = await join()
      const { id } = await write(member)
      const headers = {
        authorization: bearer(member.token),
        'content-type': 'application/json',
      }

      const answers = [
        await fetch(`${url}/posts`, { method: 'POST', headers, body }),
        await fetch(`${url}/posts/${id}`, { method: 'PATCH', headers, body }),
        await fetch(`${url}/posts/${id}/vote`, { method: 'PUT', headers, body }),
      ]

      for (const answer of answers) assert.equal((await readAnswer(answer)).status, 400)
      const { items } = (await call('GET', '/posts', member)).body as { items: unknown[] }
      assert.equal(items.length, 1)
    })

  it('is JSON, and no more of it than a post may have', async (t) => {
    const { call, join, url, write } = await startPosts(t)
    const { token } = await join()
    const { id } = await write({ token, id: '', name: '' })
    const send = async (method: string, path: string, type: string, body: string) => {
      const headers = { authorization: bearer(token), 'content-type': type }
      return (await fetch(`${url}${path}`, { method, headers, body })).status
    }
    const huge = JSON.stringify({ ...good, content: 'a'.repeat(128 * 1024) })
    const hugeVote = JSON.stringify({ value: 'like', more: 'a'.repeat(16 * 1024) })

    const statuses = [
      await send('POST', '/posts', 'application/json', huge),
      await send('PATCH', `/posts/${id}`, 'application/json', huge),
      await send('PUT', `/posts/${id}/vote`, 'application/json', hugeVote),
      await send('POST', '/posts', 'application/x-www-form-urlencoded', 'title=a&content=b'),
      await send('PUT', `/posts/${id}/vote`, 'text/plain', '{"value":"like"}'),
    ]

    assert.deepEqual(statuses, [413, 413, 413, 415, 415])
    const { items } = (await call('GET', '/posts', { token })).body as { items: { id: string }[] }
    assert.deepEqual(
      items.map((one) => one.id),
      [id],
    )
  })
})
