/** `/validateToken`: one token per call, and lists over a single connection, as business sends them. */
import { type Load, measure, type Request } from '../load.ts'
import { testedCore } from '../processes.ts'
import { alternate, medianOf, ratio } from '../rounds.ts'
import type { Figure, Scenario } from '../scenario.ts'
import { fetchServiceToken, logIn, startAuth, startBare } from '../servers.ts'
import { bareGet, describe, warmUp } from './data.ts'

const listLength = 256

export const validateToken: Scenario = {
  name: 'validate',
  limitSeconds: 300,
  async run({ pace, connections: [connections = 64] = [] }) {
    const bare = await startBare(testedCore)
    const auth = await startAuth(testedCore)
    const tokens = await logIn(auth, listLength)
    const headers = {
      Authorization: `Bearer ${await fetchServiceToken(auth)}`,
      'Content-Type': 'application/json',
    }
    const call = (body: object): Request => ({
      method: 'POST',
      path: '/validateToken',
      headers,
      body: JSON.stringify(body),
    })
    const single = tokens.map((token) => call({ token }))
    const seconds = pace.sliceSeconds
    const loads = {
      get: { server: bare, requests: [bareGet], connections, seconds },
      post: { server: bare, requests: single, connections, seconds },
      single: { server: auth, requests: single, connections, seconds },
      list: { server: auth, requests: [call({ tokens })], connections: 1, seconds },
    } satisfies Record<string, Load>
    await warmUp(pace, auth, single)
    const slices = await alternate(pace, {
      get: () => measure(loads.get),
      post: () => measure(loads.post),
      single: () => measure(loads.single),
      list: () => measure(loads.list),
    })

    const rate = ratio(slices.single, slices.get, ({ perSecond }) => perSecond)
    const bareRate = ratio(slices.post, slices.get, ({ perSecond }) => perSecond)
    const p99 = ratio(slices.single, slices.get, (slice) => slice.p99)
    const listCost = ratio(slices.list, slices.get, (slice) => slice.processorMicroseconds)
    const microseconds = medianOf(slices.list, (slice) => slice.processorMicroseconds) / listLength
    const bareMicroseconds = medianOf(slices.get, (slice) => slice.processorMicroseconds)
    const figures: Figure[] = [
      {
        name: `one token per call, calls/s ÷ bare GET at ${connections}`,
        value: rate.value,
        unit: '',
        goal: { atLeast: 0.6 },
        detail: `${rate.range}; ${describe(slices.single)}; bare ${describe(slices.get)}`,
      },
      {
        name: `bare POST that parses the same JSON ÷ bare GET at ${connections}`,
        value: bareRate.value,
        unit: '',
        detail: `${bareRate.range}; ${describe(slices.post)}`,
      },
      {
        name: `one token per call, p99 ÷ bare's at ${connections}`,
        value: p99.value,
        unit: '',
        detail: p99.range,
      },
      {
        name: `lists of ${listLength}, CPU per validation ÷ bare's per request`,
        value: listCost.value / listLength,
        unit: '',
        goal: { atMost: 0.2 },
        detail: `${microseconds.toFixed(2)} µs; bare ${bareMicroseconds.toFixed(1)} µs`,
      },
    ]
    return { figures, raw: slices }
  },
}
