import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, it } from 'node:test'
import { placeAt } from './posts-kit.ts'
import { type ShownPost, startPosts } from './started-posts.ts'

const script = `<script>alert('1')</script><img src=x onerror="alert(1)">`

describe('POST /posts', () => {
  it('writes a post of the caller, and says where it is', async (t) => {
    const { call, join } = await startPosts(t)
    const { id, name, token } = await join()

    const json = { title: 'A Title', content: 'Two\nlines.' }
    const { status, headers, body } = await call('POST', '/posts', { token, json })

    const { created_at: createdAt, ...rest } = body
    assert.equal(status, 201)
    assert.equal(headers.get('location'), `/posts/${String(body.id)}`)
    assert.ok(Math.abs(Number(createdAt) - Date.now() / 1000) < 60)
    assert.deepEqual(rest, {
      ...json,
      id: body.id,
      author: { id, name },
      updated_at: createdAt,
      likes: 0,
      dislikes: 0,
      my_vote: null,
    })
    const found = await call('GET', `/posts/${String(body.id)}`, { token })
    assert.deepEqual([found.status, found.body], [200, body])
  })

  it('takes nothing from the body but title and content', async (t) => {
    const { call, join, read } = await startPosts(t)
    const member = await join()

    const json = { title: 'A Title', content: 'Text.', author: 'x', likes: 7, id: randomUUID() }
    const { body } = await call('POST', '/posts', { token: member.token, json })

    const post = await read(member, { id: String(body.id) })
    assert.equal(post.author?.id, member.id)
    assert.equal(post.likes, 0)
    assert.notEqual(post.id, json.id)
  })

  it('gives markup back as data, which no browser takes for anything else', async (t) => {
    const { call, join, write } = await startPosts(t)
    const member = await join({ name: script })
    const { id } = await write(member, { title: script, content: script })

    const { headers, body } = await call('GET', `/posts/${id}`, { token: member.token })

    assert.deepEqual([body.title, body.content], [script, script])
    assert.deepEqual(body.author, { id: member.id, name: script })
    assert.equal(headers.get('content-type'), 'application/json')
    assert.equal(headers.get('x-content-type-options'), 'nosniff')
  })

  it('keeps a NUL, a backslash, quotes and lines of a content', async (t) => {
    const { join, read, write } = await startPosts(t)
    const member = await join()
    const content = 'a\0b\\0 \\ \' " \r\n\t\u{1F600}\u202E'

    const written = await write(member, { content })

    assert.equal((await read(member, written)).content, content)
  })

  it('takes as many characters as it says, however many units they have', async (t) => {
    const { join, read, write } = await startPosts(t)
    const member = await join()
    const [title, content] = ['😀'.repeat(200), '😀'.repeat(10_000)]

    const written = await write(member, { title, content })

    const post = await read(member, written)
    assert.deepEqual([post.title === title, post.content === content], [true, true])
  })

  it('is refused to an account that is gone, though its token may live', async (t) => {
    const { additions, call, join } = await startPosts(t)
    const { id, token } = await join()
    await additions[0]?.accountFollower?.({
      type: 'deleted',
      sub: id,
      name: undefined,
      place: placeAt(1),
    })

    const json = { title: 'A Title', content: 'Text.' }
    const { status, body } = await call('POST', '/posts', { token, json })

    assert.deepEqual([status, body.error], [401, 'invalid_token'])
    assert.deepEqual((await call('GET', '/posts', { token })).body.items, [])
  })
})

describe('PATCH /posts/:id', () => {
  it('changes what is said, and when it was changed', async (t) => {
    const { call, join, read, write } = await startPosts(t)
    const member = await join()
    const written = await write(member)

    const json = { title: 'Another' }
    const { status, body } = await call('PATCH', `/posts/${written.id}`, { ...member, json })
    const content = { json: { content: 'Changed.' } }
    const again = await call('PATCH', `/posts/${written.id}`, { ...member, ...content })

    assert.equal(status, 200)
    assert.deepEqual(body, { ...written, title: 'Another', updated_at: body.updated_at })
    assert.ok(Number(body.updated_at) >= written.created_at)
    const found = await read(member, written)
    assert.deepEqual(found, again.body)
    assert.deepEqual([found.title, found.content], ['Another', 'Changed.'])
  })

  it('leaves votes and counts, and shows the own vote', async (t) => {
    const { call, join, vote, write } = await startPosts(t)
    const member = await join()
    const written = await write(member)
    await vote(member, written, 'dislike')

    const json = { title: 'Another' }
    const { body } = await call('PATCH', `/posts/${written.id}`, { ...member, json })

    assert.deepEqual([body.likes, body.dislikes, body.my_vote], [0, 1, 'dislike'])
  })

  it('wants something to change', async (t) => {
    const { call, join, read, write } = await startPosts(t)
    const member = await join()
    const written = await write(member)

    for (const json of [{}, { titel: 'x' }]) {
      const { status, body } = await call('PATCH', `/posts/${written.id}`, { ...member, json })
      assert.deepEqual([status, body.error], [400, 'invalid_request'])
    }

    assert.deepEqual(await read(member, written), written)
  })
})

describe('DELETE /posts/:id', () => {
  it('takes the post away, once', async (t) => {
    const { call, join, write } = await startPosts(t)
    const member = await join()
    const [written, other] = [await write(member), await write(member)]
    const path = `/posts/${written.id}`

    const first = await call('DELETE', path, member)
    const second = await call('DELETE', path, member)
    const found = await call('GET', path, member)

    const { items } = (await call('GET', '/posts', member)).body as { items: ShownPost[] }
    assert.deepEqual([first.status, second.status, found.status], [204, 404, 404])
    assert.deepEqual(
      items.map(({ id }) => id),
      [other.id],
    )
  })
})

describe('accounts', () => {
  it('have the name in their posts that they have now, and none once they are gone', async (t) => {
    const { additions, join, read, vote, write } = await startPosts(t)
    const [author, reader] = [await join({ name: 'Before' }), await join()]
    const [own, other] = [await write(author), await write(reader)]
    await vote(author, other, 'like')
    const follow = additions[0]?.accountFollower
    const { id: sub } = author

    await follow?.({ type: 'renamed', sub, name: 'After', place: placeAt(1) })
    await follow?.({ type: 'disabled', sub, name: 'Ignored', place: placeAt(2) })
    const renamed = await read(reader, own)
    await follow?.({ type: 'deleted', sub, name: undefined, place: placeAt(3) })
    await follow?.({ type: 'renamed', sub, name: 'Back Again', place: placeAt(4) })

    assert.deepEqual(renamed.author, { id: sub, name: 'After' })
    assert.deepEqual(await read(reader, own), { ...own, author: null })
    assert.equal((await read(reader, other)).likes, 1)
  })
})
