/** `POST /posts`, `PATCH /posts/:id`, `DELETE /posts/:id`: one's own; whoever moderates may change and delete any. */
import type { Clock } from '../../clock.ts'
import { endpoint, nothing } from '../../http/endpoint.ts'
import { Refusal } from '../../http/refusal.ts'
import { uuidV7 } from '../../uuid-v7.ts'
import type { Caller, CheckCaller } from '../caller.ts'
import { deadToken } from '../validator.ts'
import {
  answerOf,
  checkPost,
  maxPostBytes,
  newPost,
  noSuchPost,
  postAnswer,
  postEdit,
} from './post-fields.ts'
import type { PostStore, ViewedPost } from './post-store.ts'
import type { Ballot } from './vote-topic.ts'

/** What a token must be allowed to change and delete the posts of others. */
export const moderateScope = 'posts:moderate'

export interface WriteDependencies {
  readonly checkCaller: CheckCaller
  readonly posts: PostStore
  readonly ballot: Ballot
  readonly clock: Clock
}

const formats = ['json'] as const

export function createPost({ checkCaller, posts, clock }: WriteDependencies) {
  return endpoint({
    summary: 'Write a post',
    access: 'user',
    body: { shape: newPost, formats, maxBytes: maxPostBytes },
    answers: { 201: postAnswer },
  }).handle(async (call) => {
    const { id: authorId, name } = await checkCaller(call)
    const written = await call.body()
    checkPost(written)
    const createdAt = clock.now()
    const post = { ...written, id: uuidV7(createdAt), author: { id: authorId, name }, createdAt }
    if (!(await posts.add(post))) throw deadToken()
    const counts = { likes: 0, dislikes: 0, vote: 'none' } as const
    const headers = { Location: `/posts/${post.id}` }
    return { status: 201, headers, body: answerOf({ ...post, ...counts, updatedAt: createdAt }) }
  })
}

export function editPost(dependencies: WriteDependencies) {
  const { checkCaller, posts, ballot, clock } = dependencies
  return endpoint({
    summary: 'Edit a post',
    access: 'user',
    refusals: ['insufficient_scope', 'not_found'],
    body: { shape: postEdit, formats, maxBytes: maxPostBytes },
    answers: { 200: postAnswer },
  }).handle(async (call) => {
    const caller = await checkCaller(call)
    const { title, content } = await call.body()
    if (title === undefined && content === undefined)
      throw new Refusal('invalid_request', "One of the fields 'title' and 'content' must be there.")
    checkPost({ title, content })
    const post = await findPost(posts, call.param('id'), caller)
    // Before the edit: what fails here must not hide one that was made.
    const [shown = post] = await ballot.withOwnVotes(caller.id, [post])
    const edit = {
      ...(title === undefined ? {} : { title }),
      ...(content === undefined ? {} : { content }),
      updatedAt: Math.max(clock.now(), post.updatedAt),
    }
    if (!(await posts.edit(post.id, edit, changesAs(caller, post)))) throw noSuchPost()
    return { status: 200, body: answerOf({ ...shown, ...edit }) }
  })
}

export function deletePost({ checkCaller, posts }: WriteDependencies) {
  return endpoint({
    summary: 'Delete a post',
    access: 'user',
    refusals: ['insufficient_scope', 'not_found'],
    answers: { 204: nothing },
  }).handle(async (call) => {
    const caller = await checkCaller(call)
    const post = await findPost(posts, call.param('id'), caller)
    if (!(await posts.remove(post.id, changesAs(caller, post)))) throw noSuchPost()
    return { status: 204, body: undefined }
  })
}

async function findPost(posts: PostStore, id: string, caller: Caller): Promise<ViewedPost> {
  const post = await posts.find(id, caller.id)
  if (post === undefined) throw noSuchPost()
  return post
}

/** Whose the post must still be when it is changed; `undefined` for anybody's. Refuses who may not change it. */
function changesAs({ id, scopes }: Caller, { author }: ViewedPost): string | undefined {
  if (author?.id === id) return id
  if (scopes.has(moderateScope)) return undefined
  throw new Refusal('insufficient_scope', 'This is the post of somebody else.')
}
