/** Each route, and each way in which one may not call it; that nothing has happened by then. */

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, it } from 'node:test'
import { bearer } from '../../kit/auth-calls.ts'
import { placeAt } from './posts-kit.ts'
import { startPosts } from './started-posts.ts'

interface Guarded {
  readonly method: string
  readonly path: (id: string) => string
  readonly json?: unknown
}

const change = { title: 'Changed', content: 'Changed.' }
const changes: readonly Guarded[] = [
  { method: 'PATCH', path: (id) => `/posts/${id}`, json: change },
  { method: 'DELETE', path: (id) => `/posts/${id}` },
]
const guarded: readonly Guarded[] = [
  { method: 'GET', path: () => '/posts' },
  { method: 'POST', path: () => '/posts', json: change },
  { method: 'GET', path: (id) => `/posts/${id}` },
  ...changes,
  { method: 'PUT', path: (id) => `/posts/${id}/vote`, json: { value: 'like' } },
  { method: 'DELETE', path: (id) => `/posts/${id}/vote` },
]

describe('posts', () => {
  it('are for nobody without a token, with a dead one, or with another kind', async (t) => {
    const { auth, call, join, vote, write } = await startPosts(t)
    const author = await join()
    const post = await write(author)
    await vote(author, post, 'dislike')
    const before = (await call('GET', '/posts', author)).body
    const { token: ended } = await join()
    await fetch(`${auth.url}/logout`, {
      method: 'POST',
      headers: { authorization: bearer(ended) },
    })
    const dead = [ended, 'x', `${author.token}x`, randomUUID()]

    for (const { method, path, json } of guarded) {
      const bare = await call(method, path(post.id), { json })
      assert.deepEqual([bare.status, bare.body.error], [401, 'missing_token'], method)
      assert.match(bare.headers.get('www-authenticate') ?? '', /^Bearer/)
      for (const token of dead) {
        const { status, body } = await call(method, path(post.id), { token, json })
        assert.deepEqual([status, body.error], [401, 'invalid_token'], method)
      }
    }

    assert.deepEqual((await call('GET', '/posts', author)).body, before)
  })

  it('say nothing of themselves to who may not call: a bad body or id is a 401 like all else', async (t) => {
    const { call } = await startPosts(t)

    for (const { method, path } of guarded) {
      const json = method === 'GET' || method === 'DELETE' ? undefined : { title: 1 }
      const { status, body } = await call(method, path(randomUUID()), { json })
      assert.deepEqual([status, body.error], [401, 'missing_token'], method)
    }
  })

  it('are changed and deleted by nobody but their author', async (t) => {
    const { call, join, read, write } = await startPosts(t)
    const [author, other] = [await join(), await join()]
    const post = await write(author)

    for (const { method, path, json } of changes) {
      const { status, headers, body } = await call(method, path(post.id), { ...other, json })
      assert.deepEqual([status, body.error], [403, 'insufficient_scope'], method)
      assert.match(headers.get('www-authenticate') ?? '', /insufficient_scope/)
    }

    assert.deepEqual(await read(author, post), post)
  })

  it('whose account is gone are nobody’s to change', async (t) => {
    const { additions, call, join, read, write } = await startPosts(t)
    const [author, other] = [await join(), await join()]
    const post = await write(author)
    await additions[0]?.accountFollower?.({
      type: 'deleted',
      sub: author.id,
      name: undefined,
      place: placeAt(1),
    })

    for (const { method, path, json } of changes)
      for (const { token } of [author, other])
        assert.equal((await call(method, path(post.id), { token, json })).status, 403)

    assert.deepEqual(await read(other, post), { ...post, author: null })
  })

  it('are changed and deleted by who moderates, also those of nobody, and stay their authors’', async (t) => {
    const { additions, call, join, read, write } = await startPosts(t)
    const [author, moderator] = [await join(), await join({ moderates: true })]
    const [post, orphan] = [await write(author), await write(author)]
    const sent = { ...moderator, json: change }

    const changed = await call('PATCH', `/posts/${post.id}`, sent)
    const shown = await read(author, post)
    const gone = await call('DELETE', `/posts/${post.id}`, moderator)
    await additions[0]?.accountFollower?.({
      type: 'deleted',
      sub: author.id,
      name: undefined,
      place: placeAt(1),
    })
    const ofNobody = await call('PATCH', `/posts/${orphan.id}`, sent)

    assert.deepEqual([changed.status, gone.status, ofNobody.status], [200, 204, 200])
    assert.deepEqual([shown.title, shown.author?.id], ['Changed', author.id])
    assert.equal((await call('GET', `/posts/${post.id}`, author)).status, 404)
  })

  it('that are not there are a 404 to everybody, with whatever id', async (t) => {
    const { call, join } = await startPosts(t)
    const [member, moderator] = [await join(), await join({ moderates: true })]
    const ids = [randomUUID(), 'x', '%00', '__proto__', "'--", '%F0%9F%98%80', 'a'.repeat(2_000)]

    for (const { method, path, json } of guarded.filter((one) => one.path('') !== '/posts'))
      for (const id of ids)
        for (const { token } of [member, moderator]) {
          const { status, body } = await call(method, path(id), { token, json })
          assert.deepEqual([status, body.error], [404, 'not_found'], `${method} ${id}`)
        }
  })
})
