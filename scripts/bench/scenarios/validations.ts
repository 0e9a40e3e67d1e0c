/** What one auth can validate on each store, in lists over a single connection, as one business sends them. */
import { measure, type Request } from '../load.ts'
import { testedCore } from '../processes.ts'
import { alternate, medianOf, type Pace } from '../rounds.ts'
import type { Figure, Findings, Scenario } from '../scenario.ts'
import { fetchServiceToken, logIn, startAuth } from '../servers.ts'
import { onEachStore } from '../stores.ts'
import { warmUp } from './data.ts'

const listLengths = [1, 16, 256] as const

export const validations: Scenario = {
  name: 'validations',
  limitSeconds: 400,
  run: ({ pace }) => onEachStore((store, variables) => measureStore(pace, store, variables)),
}

async function measureStore(
  pace: Pace,
  store: string,
  variables: Readonly<Record<string, string>>,
): Promise<Findings> {
  const auth = await startAuth(testedCore, variables)
  const tokens = await logIn(auth, Math.max(...listLengths))
  const headers = {
    Authorization: `Bearer ${await fetchServiceToken(auth)}`,
    'Content-Type': 'application/json',
  }
  const listsOf = (length: number): Request[] =>
    Array.from({ length: tokens.length / length }, (_, nth) => ({
      method: 'POST',
      path: '/validateToken',
      headers,
      body: JSON.stringify({ tokens: tokens.slice(nth * length, (nth + 1) * length) }),
    }))
  const load = (length: number) => () =>
    measure({
      server: auth,
      requests: listsOf(length),
      connections: 1,
      seconds: pace.sliceSeconds,
    })
  await warmUp(pace, auth, listsOf(16))
  const slices = await alternate(pace, { '1': load(1), '16': load(16), '256': load(256) })
  await auth.end()
  const figures = listLengths.map((length): Figure => {
    const own = slices[`${length}`]
    const calls = medianOf(own, ({ perSecond }) => perSecond)
    const p99 = medianOf(own, (slice) => slice.p99)
    const busy = medianOf(own, ({ busyShare }) => busyShare)
    return {
      name: `${store}, lists of ${length}`,
      value: Math.round(calls * length),
      unit: 'validations/s',
      detail: `core ${Math.round(busy * 100)} %, p99 ${p99.toFixed(2)} ms`,
    }
  })
  return { figures, raw: slices }
}
