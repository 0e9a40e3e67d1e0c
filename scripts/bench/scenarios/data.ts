/** `/data` across both servers: business under test; auth, and the store where it has one, beside the load. */
import { measure, type Request, type Slice } from '../load.ts'
import { besideCore, type Server, testedCore } from '../processes.ts'
import { alternate, medianOf, type Pace, ratio, type Slices } from '../rounds.ts'
import type { Figure, Findings, Scenario } from '../scenario.ts'
import { logIn, logInForJwts, startAuth, startBare, startBusiness } from '../servers.ts'
import { type StartStore, startPostgresStore, startRedisStore } from '../stores.ts'

/** As many as the most connections, so that hardly two equal tokens travel in one list. */
const tokenCount = 256
/** Fewer, because they live for five minutes only. */
const jwtCount = 64

type Goals = Readonly<Record<number, number>>
const goals: Goals = { 1: 0.35, 16: 0.5, 64: 0.8, 256: 0.9 }

export const bareGet: Request = { method: 'GET', path: '/' }

export const data: Scenario = {
  name: 'data',
  limitSeconds: 300,
  run: ({ pace, connections = [1, 16, 64, 256] }) => measureData({ pace, connections, goals }),
}

/** JWTs that business checks by itself. */
export const dataByJwts: Scenario = {
  name: 'data-local',
  limitSeconds: 300,
  run: ({ pace, connections = [64] }) =>
    measureData({ pace, connections, goals: { 64: 0.8 }, isLocal: true }),
}

export const dataOnRedis = dataOn('data-redis', startRedisStore, { 64: 0.6 })
export const dataOnPostgres = dataOn('data-postgres', startPostgresStore, { 64: 0.5 })

function dataOn(name: string, startStore: StartStore, goals: Goals): Scenario {
  return {
    name,
    limitSeconds: 300,
    async run({ pace, connections = [64] }) {
      const store = await startStore()
      try {
        return await measureData({ pace, connections, goals, stores: store.variables })
      } finally {
        await store.end()
      }
    },
  }
}

interface DataOptions {
  readonly pace: Pace
  readonly connections: readonly number[]
  readonly goals: Goals
  readonly stores?: Readonly<Record<string, string>>
  /** Whether business checks JWTs by itself, instead of asking auth about sessions. */
  readonly isLocal?: boolean
}

async function measureData({
  pace,
  connections,
  goals,
  stores,
  isLocal = false,
}: DataOptions): Promise<Findings> {
  const bare = await startBare(testedCore)
  const auth = await startAuth(besideCore, stores)
  const variables = isLocal ? { VALIDATION: 'local' } : {}
  const business = await startBusiness(testedCore, auth, variables)
  const tokens = isLocal ? logInForJwts(auth, jwtCount) : logIn(auth, tokenCount)
  const requests = (await tokens).map(requestOf)
  await warmUp(pace, business, requests)
  const figures: Figure[] = []
  const raw: Record<number, Slices<Subject, Slice>> = {}
  for (const one of connections) {
    const slices = await measureAll(pace, one, { bare, business, requests })
    raw[one] = slices
    figures.push(...figuresOf(one, slices, goals[one]))
  }
  return { figures, raw }
}

/** The compiler of Node is done with a server only after some hundred thousand requests. */
export async function warmUp(
  { sliceSeconds }: Pace,
  server: Server,
  requests: readonly Request[],
): Promise<void> {
  await measure({ server, requests, connections: 64, seconds: 5 * sliceSeconds })
}

function requestOf(token: string): Request {
  return { method: 'GET', path: '/data', headers: { Authorization: `Bearer ${token}` } }
}

/** `bareAlike` is bare that gets the same requests, whose tokens cost it the reading. */
type Subject = 'bare' | 'bareAlike' | 'data'

function measureAll(
  pace: Pace,
  connections: number,
  { bare, business, requests }: { bare: Server; business: Server; requests: readonly Request[] },
) {
  const common = { connections, seconds: pace.sliceSeconds }
  const load = (server: Server, sent: readonly Request[]) => () =>
    measure({ ...common, server, requests: sent })
  return alternate<Subject, Slice>(pace, {
    bare: load(bare, [bareGet]),
    bareAlike: load(bare, requests),
    data: load(business, requests),
  })
}

function figuresOf(
  connections: number,
  { bare, bareAlike, data }: Slices<Subject, Slice>,
  least: number | undefined,
): Figure[] {
  const perSecond = (slice: Slice) => slice.perSecond
  const rate = ratio(data, bare, perSecond)
  const alike = ratio(data, bareAlike, perSecond)
  const p99 = ratio(data, bare, (slice) => slice.p99)
  return [
    {
      name: `requests/s ÷ bare at ${connections}`,
      value: rate.value,
      unit: '',
      ...(least === undefined ? {} : { goal: { atLeast: least } }),
      detail: `${rate.range}; ${describe(data)}; bare ${describe(bare)}`,
    },
    {
      name: `requests/s ÷ bare that gets the same requests at ${connections}`,
      value: alike.value,
      unit: '',
      detail: alike.range,
    },
    {
      name: `p99 ÷ bare's at ${connections}`,
      value: p99.value,
      unit: '',
      ...(connections === 64 ? { goal: { atMost: 3 } } : {}),
      detail: p99.range,
    },
  ]
}

/** The medians of a subject. */
export function describe(slices: readonly Slice[]): string {
  const rate = medianOf(slices, ({ perSecond }) => perSecond)
  const p50 = medianOf(slices, (slice) => slice.p50)
  const p99 = medianOf(slices, (slice) => slice.p99)
  const busy = medianOf(slices, ({ busyShare }) => busyShare)
  return `${Math.round(rate)}/s (core ${Math.round(busy * 100)} %) p50 ${p50.toFixed(2)} p99 ${p99.toFixed(2)} ms`
}
