/** `PUT /posts/:id/vote` and `DELETE /posts/:id/vote`: accepted at once, counted soon. */
import { type Call, endpoint } from '../../http/endpoint.ts'
import { choice, object } from '../../http/shape.ts'
import type { CheckCaller } from '../caller.ts'
import { noSuchPost, shownVote, voteAnswer } from './post-fields.ts'
import type { PostStore } from './post-store.ts'
import type { Vote } from './vote-store.ts'
import type { Ballot } from './vote-topic.ts'

export interface VoteDependencies {
  readonly checkCaller: CheckCaller
  readonly posts: PostStore
  readonly ballot: Ballot
}

const newVote = object({ value: choice(['like', 'dislike']) })

const common = {
  access: 'user',
  refusals: ['not_found'],
  answers: { 202: voteAnswer },
} as const

export function castVote(dependencies: VoteDependencies) {
  const body = { shape: newVote, formats: ['json'] } as const
  return endpoint({ ...common, summary: 'Like or dislike a post', body }).handle(async (call) => {
    const caller = await dependencies.checkCaller(call)
    const { value } = await call.body()
    return await accept(dependencies, call, caller.id, value)
  })
}

export function takeBackVote(dependencies: VoteDependencies) {
  return endpoint({ ...common, summary: 'Take back a vote' }).handle(async (call) => {
    const caller = await dependencies.checkCaller(call)
    return await accept(dependencies, call, caller.id, 'none')
  })
}

async function accept(
  { posts, ballot }: VoteDependencies,
  call: Pick<Call, 'param'>,
  user: string,
  vote: Vote,
) {
  const post = await posts.find(call.param('id'), user)
  if (post === undefined) throw noSuchPost()
  await ballot.cast(user, post.id, vote)
  return { status: 202, body: { my_vote: shownVote(vote) } } as const
}
