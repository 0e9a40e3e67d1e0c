/** Compares what business shows with what it accepted. */
import type { Clock } from '../clock.ts'
import { BotError } from './bot-error.ts'
import { type Answer, describe } from './client.ts'
import { inParallel } from './in-parallel.ts'
import type { Tally } from './tally.ts'
import type { BotUser } from './user.ts'

export interface CheckDependencies {
  readonly users: readonly BotUser[]
  /** Their ids. */
  readonly posts: readonly string[]
  readonly tally: Tally
  readonly concurrency: number
  readonly clock: Pick<Clock, 'now' | 'after'>
  readonly patienceSeconds: number
}

const pauseMilliseconds = 1_000

/**
 * What is off, in sentences: none is the good case. Counts may lag, so they are looked at until they are right; and then
 * once more, for what is counted twice may be so later.
 */
export async function findOff(dependencies: CheckDependencies): Promise<readonly string[]> {
  const { clock, patienceSeconds } = dependencies
  const deadline = clock.now() + patienceSeconds * 1000
  let wasRight = false
  while (true) {
    const off = await compareCounts(dependencies)
    const isRight = off.length === 0
    if (isRight && wasRight) return await compareVotes(dependencies)
    if (!isRight && clock.now() > deadline) return [...off, ...(await compareVotes(dependencies))]
    wasRight = isRight
    await new Promise<void>((resolve) => clock.after(pauseMilliseconds, resolve))
  }
}

async function compareCounts({
  users,
  posts,
  tally,
  concurrency,
}: CheckDependencies): Promise<readonly string[]> {
  const off: string[] = []
  await inParallel(posts.entries(), concurrency, async ([post, id]) => {
    const shown = await read(users[post % users.length], id)
    const expected = tally.countsOf(post)
    for (const kind of ['likes', 'dislikes'] as const) {
      if (shown[kind] !== expected[kind])
        off.push(`post ${id} shows ${String(shown[kind])} ${kind} instead of ${expected[kind]}`)
    }
  })
  return off
}

async function compareVotes({
  users,
  posts,
  tally,
  concurrency,
}: CheckDependencies): Promise<readonly string[]> {
  const off: string[] = []
  const pairs = users.flatMap((user, number) =>
    posts.map((id, post) => ({ user, id, vote: tally.lastVote(number, post) })),
  )
  await inParallel(pairs, concurrency, async ({ user, id, vote }) => {
    const { my_vote: shown } = await read(user, id)
    const expected = vote === 'none' ? null : vote
    if (shown !== expected)
      off.push(`post ${id} shows a user the vote ${String(shown)} instead of ${expected}`)
  })
  return off
}

async function read(user: BotUser | undefined, id: string): Promise<Answer['body']> {
  const answer = await user?.ask('GET', `/posts/${id}`)
  if (answer?.status === 200) return answer.body
  throw new BotError(`Post ${id} cannot be read: ${answer && describe(answer)}.`)
}
