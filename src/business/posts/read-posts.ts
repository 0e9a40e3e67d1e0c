/** `GET /posts` and `GET /posts/:id`. A page begins after the last post of the one before, so none is skipped or repeated while others are added. */
import { endpoint } from '../../http/endpoint.ts'
import { mostPerPage, pageFields, readPageById } from '../../http/page.ts'
import { listOf, nullable, object, optional, text } from '../../http/shape.ts'
import type { CheckCaller } from '../caller.ts'
import { answerOf, noSuchPost, postAnswer } from './post-fields.ts'
import type { PostStore } from './post-store.ts'
import type { Ballot } from './vote-topic.ts'

export interface ReadDependencies {
  readonly checkCaller: CheckCaller
  readonly posts: PostStore
  readonly ballot: Ballot
}

const query = object({ ...pageFields, author: optional(text({ maxLength: 64 })) })

const page = object({
  items: listOf(postAnswer, { maxItems: mostPerPage }),
  /** The `after` of the next page; `null` where this is the last. */
  next_cursor: nullable(text()),
})

export function listPosts({ checkCaller, posts, ballot }: ReadDependencies) {
  return endpoint({
    summary: 'List posts, newest first',
    access: 'user',
    query,
    answers: { 200: page },
  }).handle(async (call) => {
    const { id: viewer } = await checkCaller(call)
    const { author } = call.query()
    const { asked, cut } = readPageById(call)
    const wanted = { ...asked, ...(author === undefined ? {} : { author }) }
    const { shown, nextCursor } = cut(await posts.list(wanted, viewer))
    const items = (await ballot.withOwnVotes(viewer, shown)).map(answerOf)
    return { status: 200, body: { items, next_cursor: nextCursor } }
  })
}

export function showPost({ checkCaller, posts, ballot }: ReadDependencies) {
  return endpoint({
    summary: 'Read a post',
    access: 'user',
    refusals: ['not_found'],
    answers: { 200: postAnswer },
  }).handle(async (call) => {
    const { id: viewer } = await checkCaller(call)
    const found = await posts.find(call.param('id'), viewer)
    const [post] = found === undefined ? [] : await ballot.withOwnVotes(viewer, [found])
    if (post === undefined) throw noSuchPost()
    return { status: 200, body: answerOf(post) }
  })
}
