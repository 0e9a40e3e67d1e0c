/** What scenarios write at business before they measure. */
import type { Request } from './load.ts'
import type { Server } from './processes.ts'

export interface Post {
  readonly id: string
  readonly likes: number
  readonly author: { readonly id: string }
}

/** Rejects where business refuses. */
export async function callBusiness(
  { url }: Server,
  token: string,
  { method, path, body }: Request,
): Promise<unknown> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const response = await fetch(`${url}${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
  })
  if (!response.ok) throw new Error(`${path} answered ${response.status}`)
  return await response.json()
}

/** So many posts, in the order in which they were written as far as that is known: many are written at once. */
export async function writePosts(server: Server, token: string, count: number): Promise<Post[]> {
  const posts: Post[] = []
  const body = JSON.stringify({ title: 'A title', content: 'x'.repeat(500) })
  let left = count
  async function write(): Promise<void> {
    while (left-- > 0) {
      const post = await callBusiness(server, token, { method: 'POST', path: '/posts', body })
      posts.push(post as Post) // so business answers
    }
  }
  await Promise.all(Array.from({ length: 50 }, write))
  return posts
}
