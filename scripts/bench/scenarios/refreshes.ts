/** How many refreshes one auth does on each store, for clients that each go on with the token that they got. */
import { besideCore, testedCore } from '../processes.ts'
import { alternate, medianOf, type Pace } from '../rounds.ts'
import type { Findings, Scenario } from '../scenario.ts'
import { credentials, runProgram, startAuth } from '../servers.ts'
import { onEachStore } from '../stores.ts'

/** All log in as the same user, who has no more families at once than 20. */
const clients = 16

interface Slice {
  readonly perSecond: number
  /** Milliseconds. */
  readonly p99: number
}

export const refreshes: Scenario = {
  name: 'refreshes',
  limitSeconds: 400,
  run: ({ pace }) => onEachStore((store, variables) => measureStore(pace, store, variables)),
}

async function measureStore(
  pace: Pace,
  store: string,
  variables: Readonly<Record<string, string>>,
): Promise<Findings> {
  const auth = await startAuth(testedCore, variables)
  const seconds = pace.sliceSeconds
  const options = { url: auth.url, credentials, clients, warmUpSeconds: 1, seconds }
  const beside = { core: besideCore, limitSeconds: seconds + 60 }
  const refresh = async () => (await runProgram('refresh', options, beside)) as Slice // as it prints
  const slices = await alternate(pace, { refresh })
  await auth.end()
  const perSecond = medianOf(slices.refresh, (slice) => slice.perSecond)
  const p99 = medianOf(slices.refresh, (slice) => slice.p99)
  const figure = {
    name: `${store}, ${clients} clients`,
    value: Math.round(perSecond),
    unit: 'refreshes/s',
    detail: `p99 ${p99.toFixed(2)} ms`,
  }
  return { figures: [figure], raw: slices }
}
