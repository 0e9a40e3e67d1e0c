/** The bot from the first registration to the last comparison. */
import type { Clock } from '../clock.ts'
import { BotError } from './bot-error.ts'
import { findOff } from './check.ts'
import { type Client, createClient, describe } from './client.ts'
import { inParallel } from './in-parallel.ts'
import type { BotOptions } from './options.ts'
import { type PlannedVote, planVotes } from './plan.ts'
import type { Report } from './report.ts'
import { createTally } from './tally.ts'
import { type BotUser, logIn, newAccount, register } from './user.ts'

export interface BotDependencies {
  readonly options: BotOptions
  readonly clock: Pick<Clock, 'now' | 'after'>
  /** Whether it has voted enough, though there is more in the plan. */
  readonly isEnough: () => boolean
  /** Told of each thing done, and of how many there will be. */
  readonly progress: (what: 'users' | 'posts' | 'votes', done: number, of: number) => void
}

/** Rejects with a `BotError` where it could not find out. */
export async function runBot(dependencies: BotDependencies): Promise<Report> {
  const { concurrency: connections, patienceSeconds } = dependencies.options
  const client = createClient({ connections, patienceSeconds, clock: dependencies.clock })
  try {
    return await runWith(client, dependencies)
  } finally {
    await client.close()
  }
}

async function runWith(client: Client, dependencies: BotDependencies): Promise<Report> {
  const { options, clock } = dependencies
  const users = await comeIn(client, dependencies)
  const posts = await writePosts(users, dependencies)
  const { tally, latencies, seconds } = await vote(users, posts, dependencies)
  const endedAt = clock.now()
  const off = await findOff({ ...options, users, posts, tally, clock })
  return {
    ...{ seed: options.seed, users: users.length, posts: posts.length, latencies, seconds, off },
    repeats: client.repeats,
    checkSeconds: (clock.now() - endedAt) / 1000,
  }
}

async function comeIn(
  client: Client,
  { options, progress }: BotDependencies,
): Promise<readonly BotUser[]> {
  const { servers, concurrency, accounts } = options
  const all = accounts ?? Array.from({ length: options.users }, newAccount)
  const users: BotUser[] = []
  let done = 0
  await inParallel(all.entries(), concurrency, async ([number, account]) => {
    if (accounts === undefined) await register(client, servers.auth, account)
    users[number] = await logIn(client, servers, account)
    progress('users', ++done, all.length)
  })
  return users
}

/** Of each user in turn. Where an answer is lost there is one post more, for which nobody votes. */
async function writePosts(
  users: readonly BotUser[],
  { options, progress }: BotDependencies,
): Promise<readonly string[]> {
  const posts: string[] = []
  const numbers = Array.from({ length: options.posts }, (_, number) => number)
  let done = 0
  await inParallel(numbers, options.concurrency, async (number) => {
    const json = { title: `Post ${number + 1} of a bot`, content: `With the seed ${options.seed}.` }
    const answer = await userAt(users, number % users.length).ask('POST', '/posts', json)
    const { id } = answer.body
    if (answer.status !== 201 || typeof id !== 'string')
      throw new BotError(`A post cannot be written: ${describe(answer)}.`)
    posts[number] = id
    progress('posts', ++done, numbers.length)
  })
  return posts
}

/** The votes of a user for a post go one after the other: so the order in which they were accepted is known. */
async function vote(
  users: readonly BotUser[],
  posts: readonly string[],
  { options, clock, isEnough, progress }: BotDependencies,
) {
  const extent = { ...options, users: users.length }
  const tally = createTally()
  const latencies: number[] = []
  const lastOf = new Map<string, Promise<void>>()

  function* untilEnough() {
    for (const planned of planVotes(extent)) {
      if (isEnough()) return
      yield planned
    }
  }

  async function cast(planned: PlannedVote): Promise<void> {
    const user = userAt(users, planned.user)
    const path = `/posts/${posts[planned.post]}/vote`
    const sentAt = clock.now()
    const answer =
      planned.vote === 'none'
        ? await user.ask('DELETE', path)
        : await user.ask('PUT', path, { value: planned.vote })
    if (answer.status !== 202) throw new BotError(`A vote was refused: ${describe(answer)}.`)
    latencies.push(clock.now() - sentAt)
    tally.note(planned)
    progress('votes', latencies.length, extent.users * extent.votes)
  }

  const startedAt = clock.now()
  await inParallel(untilEnough(), options.concurrency, async (planned) => {
    const pair = `${planned.user} ${planned.post}`
    const last = (lastOf.get(pair) ?? Promise.resolve()).then(() => cast(planned))
    lastOf.set(pair, last)
    await last
  })
  return { tally, latencies, seconds: (clock.now() - startedAt) / 1000 }
}

function userAt(users: readonly BotUser[], number: number): BotUser {
  const user = users[number]
  if (user === undefined) throw new RangeError('there is no such user')
  return user
}
