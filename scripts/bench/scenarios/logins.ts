/**
 * 64 clients that log in without pause, while others ask for `/data` at a steady rate.
 *
 * The steady rate goes on while bare scrypt runs in place of the logins, on the core and with the load beside it that
 * auth's hashing has: so the ratio says what our logins cost beyond their hashing.
 */
import { cpus } from 'node:os'
import { recommendedParameters } from '../../../src/passwords/phc.ts'
import { besideCore, type Server, testedCore } from '../processes.ts'
import { alternate, medianOf, ratio } from '../rounds.ts'
import type { Scenario } from '../scenario.ts'
import { credentials, logIn, runProgram, startAuth, startBusiness } from '../servers.ts'

const clients = 64
const perSecond = 4_000
const warmUpSeconds = 1
/** How many hashes auth runs at once. */
const concurrency = Math.max(1, cpus().length - 1)

/** As `programs/ask-steadily.mjs` prints it. */
interface Latencies {
  readonly p50: number
  readonly p99: number
  readonly max: number
  readonly failed: number
}

interface Slice extends Latencies {
  /** Logins or hashes; 0 where there were none. */
  readonly hashesPerSecond: number
}

export const logins: Scenario = {
  name: 'logins',
  limitSeconds: 300,
  async run({ pace }) {
    const auth = await startAuth(besideCore)
    const business = await startBusiness(testedCore, auth)
    const tokens = await logIn(auth, 32)
    const seconds = pace.sliceSeconds + 1 // logins are few, so a little longer
    const beside = { core: besideCore, limitSeconds: warmUpSeconds + seconds + 30 }
    const steady = { url: business.url, tokens, connections: 64, perSecond, warmUpSeconds, seconds }
    const ask = async () => (await runProgram('ask-steadily', steady, beside)) as Latencies
    const during = async (name: string, options: object): Promise<Slice> => {
      const other = runProgram(name, { ...options, seconds: warmUpSeconds + seconds }, beside)
      const [latencies, { perSecond: hashesPerSecond }] = await Promise.all([
        ask(),
        other as Promise<{ perSecond: number }>, // so print both programs
      ])
      return { ...latencies, hashesPerSecond }
    }
    const slices = await alternate(pace, {
      quiet: async (): Promise<Slice> => ({ ...(await ask()), hashesPerSecond: 0 }),
      scrypt: () => during('hash', { parameters: recommendedParameters, concurrency }),
      logins: async () => {
        const slice = await during('log-in', { url: auth.url, credentials, clients })
        await untilQueueIsEmpty(auth)
        return slice
      },
    })
    const p99 = ratio(slices.logins, slices.quiet, (slice) => slice.p99)
    const scryptP99 = ratio(slices.scrypt, slices.quiet, (slice) => slice.p99)
    const rate = ratio(slices.logins, slices.scrypt, (slice) => slice.hashesPerSecond)
    const milliseconds = (name: keyof typeof slices) =>
      `${medianOf(slices[name], (slice) => slice.p99).toFixed(2)} ms`
    const hashes = (name: keyof typeof slices) =>
      `${medianOf(slices[name], (slice) => slice.hashesPerSecond).toFixed(2)}/s`
    const failed = [...slices.quiet, ...slices.logins].reduce((sum, one) => sum + one.failed, 0)
    const figures = [
      {
        name: `/data at ${perSecond}/s, p99 under logins ÷ quiet`,
        value: p99.value,
        unit: '',
        goal: { atMost: 4 },
        detail: `${p99.range}; ${milliseconds('logins')}; quiet ${milliseconds('quiet')}`,
      },
      {
        name: `/data at ${perSecond}/s, p99 beside bare scrypt ÷ quiet`,
        value: scryptP99.value,
        unit: '',
        detail: `${scryptP99.range}; ${milliseconds('scrypt')}`,
      },
      { name: '/data that failed', value: failed, unit: '', goal: { atMost: 0 } },
      {
        name: `logins/s of ${clients} clients ÷ bare scrypt, ${concurrency} at once`,
        value: rate.value,
        unit: '',
        goal: { atLeast: 0.9 },
        detail: `${rate.range}; ${hashes('logins')}; scrypt ${hashes('scrypt')}`,
      },
    ]
    return { figures, raw: slices }
  },
}

/** Logins are served in the order in which they came, also those whose clients have gone: ours is the last. */
async function untilQueueIsEmpty(auth: Server): Promise<void> {
  await logIn(auth, 1)
}
