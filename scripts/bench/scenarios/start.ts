/** From the start of a process to its first answer, and what it weighs a second later. */
import { get } from 'node:http'
import { besideCore, residentBytes, type Server, testedCore } from '../processes.ts'
import { alternate, medianOf, ratio } from '../rounds.ts'
import type { Figure, Scenario } from '../scenario.ts'
import { startAuth, startBare, startBusiness } from '../servers.ts'

interface Start {
  readonly milliseconds: number
  readonly mebibytes: number
}

export const start: Scenario = {
  name: 'start',
  limitSeconds: 120,
  async run({ pace }) {
    const other = await startAuth(besideCore)
    const slices = await alternate(pace, {
      bare: () => measureStart(() => startBare(testedCore)),
      auth: () => measureStart(() => startAuth(testedCore)),
      business: () => measureStart(() => startBusiness(testedCore, other)),
    })
    const figuresOf = (name: 'auth' | 'business'): Figure[] => {
      const time = ratio(slices[name], slices.bare, ({ milliseconds }) => milliseconds)
      const memory = ratio(slices[name], slices.bare, ({ mebibytes }) => mebibytes)
      const medians = [slices[name], slices.bare].map((starts) => ({
        milliseconds: medianOf(starts, ({ milliseconds }) => milliseconds).toFixed(0),
        mebibytes: medianOf(starts, ({ mebibytes }) => mebibytes).toFixed(0),
      }))
      return [
        {
          name: `${name}: time to the first answer ÷ bare`,
          value: time.value,
          unit: '',
          goal: { atMost: 2.5 },
          detail: `${time.range}; ${medians.map(({ milliseconds }) => `${milliseconds} ms`).join('; bare ')}`,
        },
        {
          name: `${name}: idle memory ÷ bare`,
          value: memory.value,
          unit: '',
          goal: { atMost: 1.5 },
          detail: `${memory.range}; ${medians.map(({ mebibytes }) => `${mebibytes} MiB`).join('; bare ')}`,
        },
      ]
    }
    return { figures: [...figuresOf('auth'), ...figuresOf('business')], raw: slices }
  },
}

async function measureStart(startServer: () => Promise<Server>): Promise<Start> {
  const startedAt = performance.now()
  const server = await startServer()
  await askHealth(server)
  const milliseconds = performance.now() - startedAt
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  const mebibytes = residentBytes(server.pid) / 2 ** 20
  await server.end()
  return { milliseconds, mebibytes }
}

function askHealth({ url }: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    get(`${url}/healthz`, { agent: false }, (response) => {
      response.resume().on('end', resolve)
      if (response.statusCode !== 200) reject(new Error(`/healthz: ${response.statusCode}`))
    }).on('error', reject)
  })
}
