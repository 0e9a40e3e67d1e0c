/** business with posts, asked from outside; its users are known to a real auth. */
import { randomUUID } from 'node:crypto'
import type { TestContext } from 'node:test'
import { capability } from '../../../src/auth/capability.ts'
import type { LoginAttempt } from '../../../src/auth/login-steps.ts'
import { posts } from '../../../src/business/posts/register.ts'
import { type Answer, callAt, type Sent } from '../../kit/auth-calls.ts'
import {
  logIn,
  startTestAuth,
  startTestBusiness,
  type TestBusinessOptions,
} from '../../kit/servers.ts'

export interface Member {
  readonly id: string
  readonly name: string
  readonly token: string
}

/** What a post is to who reads it. */
export interface ShownPost {
  readonly id: string
  readonly title: string
  readonly content: string
  readonly author: { readonly id: string; readonly name: string | null } | null
  readonly created_at: number
  readonly updated_at: number
  readonly likes: number
  readonly dislikes: number
  readonly my_vote: 'like' | 'dislike' | null
}

const moderators = new Set<string>()

/** Lets those moderate whom a test says. */
const moderation = capability({
  name: 'moderation',
  register: () => ({
    login: {
      checked: async (attempt: LoginAttempt) => {
        if (moderators.has(attempt.user?.username ?? '')) attempt.scope = 'posts:moderate'
      },
    },
  }),
})

export async function startPosts(
  t: TestContext,
  options: Omit<Partial<TestBusinessOptions>, 'authUrl'> = {},
) {
  const auth = await startTestAuth(t, { capabilities: [moderation] })
  const business = await startTestBusiness(t, {
    authUrl: auth.url,
    capabilities: [posts],
    ...options,
  })

  async function join({ name = 'A Name', moderates = false } = {}): Promise<Member> {
    const id = randomUUID()
    const username = `${id}@example.com`
    await auth.users.create({ ...auth.user, id, username, name })
    if (moderates) moderators.add(username)
    const token = await logIn(auth.url, { username, password: 'correct horse' })
    return { id, name, token }
  }

  const call = (method: string, path: string, sent: Sent = {}): Promise<Answer> =>
    callAt(`${business.url}${path}`, method, sent)

  return {
    auth,
    ...business,
    join,
    call,
    /** A post of this member's. */
    write: async ({ token }: Member, fields: { title?: string; content?: string } = {}) => {
      const json = { title: 'A Title', content: 'A content.', ...fields }
      const { status, body } = await call('POST', '/posts', { token, json })
      if (status !== 201) throw new Error(`no post was written: ${JSON.stringify(body)}`)
      return body as unknown as ShownPost // the server holds its answers against their shape
    },
    /** The post as this member sees it. */
    read: async ({ token }: Member, { id }: { id: string }) =>
      (await call('GET', `/posts/${id}`, { token })).body as unknown as ShownPost,
    vote: (member: Member, { id }: { id: string }, value: string) =>
      call('PUT', `/posts/${id}/vote`, { token: member.token, json: { value } }),
  }
}
