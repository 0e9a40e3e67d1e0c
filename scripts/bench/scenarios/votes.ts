/**
 * How many votes one business accepts, and when they are counted. `/data` of the same business stands beside it. Who folds
 * is business itself, so that it is one process that does all of it.
 */
import { callBusiness, type Post, writePosts } from '../business-calls.ts'
import { measure, type Request, type Slice } from '../load.ts'
import { besideCore, type Server, testedCore } from '../processes.ts'
import { alternate, medianOf, ratio } from '../rounds.ts'
import type { Figure, Scenario, ScenarioOptions } from '../scenario.ts'
import { logIn, startAuth, startBusiness } from '../servers.ts'
import { type ContentStores, startContentStores } from '../stores.ts'
import { describe } from './data.ts'

const connections = 64
/** All of one user, so that is how many rows votes have. */
const posts = 2_000

export const votes: Scenario = {
  name: 'votes',
  limitSeconds: 400,
  async run(options) {
    const auth = await startAuth(besideCore)
    const inMemory = await measureOn('memory', auth, undefined, options)
    const stores = await startContentStores()
    try {
      const onStores = await measureOn('Redis and Postgres', auth, stores, options)
      return {
        figures: [...inMemory.figures, ...onStores.figures],
        raw: [inMemory.raw, onStores.raw],
      }
    } finally {
      await stores.end()
    }
  },
}

interface VoteSlice extends Slice {
  /** Milliseconds from an accepted vote to its count, of probes during the slice. */
  readonly lags: readonly number[]
  /** Votes in a statement; 0 in memory. */
  readonly perFold: number
}

async function measureOn(
  name: string,
  auth: Server,
  stores: ContentStores | undefined,
  { pace }: ScenarioOptions,
) {
  const variables = { ...stores?.variables, MAX_EVENTS: '1000000' }
  const business = await startBusiness(testedCore, auth, variables)
  const tokens = await logIn(auth, connections)
  const [token = ''] = tokens
  const written = await writePosts(business, token, posts)
  const common = { server: business, connections, seconds: pace.sliceSeconds }
  const requests = written.map(({ id }, index) =>
    voteOn(id, index % 2 === 0 ? 'like' : 'dislike', tokens[index % connections]),
  )
  const dataRequests = tokens.map(
    (one): Request => ({
      method: 'GET',
      path: '/data',
      headers: { Authorization: `Bearer ${one}` },
    }),
  )

  async function measureVotes(): Promise<VoteSlice> {
    const foldsBefore = (await stores?.folds()) ?? 0
    let isOver = false
    const probing = probeLags(business, token, () => isOver)
    const slice = await measure({ ...common, requests })
    isOver = true
    const lags = await probing
    await untilFolded(stores)
    const folds = ((await stores?.folds()) ?? 0) - foldsBefore
    return { ...slice, lags, perFold: folds === 0 ? 0 : slice.requests / folds }
  }

  const slices = await alternate<'votes' | 'data', Slice | VoteSlice>(pace, {
    votes: measureVotes,
    data: () => measure({ ...common, requests: dataRequests }),
  })
  await business.end()
  const voteSlices = slices.votes as readonly VoteSlice[] // so measureVotes made them
  const beside = ratio(slices.votes, slices.data, ({ perSecond }) => perSecond)
  const lags = voteSlices.flatMap((slice) => slice.lags).toSorted((one, other) => one - other)
  const lagAt = (share: number) => lags[Math.floor(lags.length * share)] ?? Number.NaN
  const figures: Figure[] = [
    {
      name: `${name}, accepted at ${connections}`,
      value: Math.round(medianOf(slices.votes, ({ perSecond }) => perSecond)),
      unit: 'votes/s',
      detail: describe(slices.votes),
    },
    {
      name: `${name}, votes/s ÷ requests/s of /data`,
      value: beside.value,
      unit: '',
      detail: `${beside.range}; /data ${describe(slices.data)}`,
    },
    {
      name: `${name}, from accepted to counted, p99`,
      value: Math.round(lagAt(0.99)),
      unit: 'ms',
      detail: `p50 ${Math.round(lagAt(0.5))} ms, ${lags.length} probes`,
    },
  ]
  if (stores !== undefined) {
    const perFold = medianOf(voteSlices, (slice) => slice.perFold)
    figures.push({ name: `${name}, votes in a statement`, value: Math.round(perFold), unit: '' })
  }
  return { figures, raw: slices }
}

function voteOn(id: string, value: 'like' | 'dislike', token = ''): Request {
  return {
    method: 'PUT',
    path: `/posts/${id}/vote`,
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ value }),
  }
}

/** One after the other: a like for a post of its own, then a look every few milliseconds until it is counted. */
async function probeLags(
  business: Server,
  token: string,
  isOver: () => boolean,
): Promise<readonly number[]> {
  const lags: number[] = []
  while (!isOver()) {
    const [post] = await writePosts(business, token, 1)
    const id = post?.id ?? ''
    await callBusiness(business, token, voteOn(id, 'like'))
    const acceptedAt = performance.now()
    const look: Request = { method: 'GET', path: `/posts/${id}` }
    while (((await callBusiness(business, token, look)) as Post).likes === 0)
      await new Promise((resolve) => setTimeout(resolve, 5))
    lags.push(performance.now() - acceptedAt)
  }
  return lags
}

async function untilFolded(stores: ContentStores | undefined): Promise<void> {
  while (stores !== undefined && (await stores.waiting()) > 0)
    await new Promise((resolve) => setTimeout(resolve, 50))
}
