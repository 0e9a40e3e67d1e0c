/** One million living tokens in the memory store, inside a process of their own. */
import { testedCore } from '../processes.ts'
import { medianOf } from '../rounds.ts'
import type { Figure, Scenario } from '../scenario.ts'
import { runProgram } from '../servers.ts'

const total = 1_000_000
const listLength = 256

/** As `programs/fill-store.mjs` prints it. Pauses in milliseconds. */
interface Finding {
  readonly heapBytesPerToken: number
  readonly residentBytesPerToken: number
  readonly issuesPerSecond: number
  readonly reinflationsPerSecond: number
  readonly peeksPerSecond: number
  readonly quietPause: number
  readonly onePercentPause: number
  readonly wholePause: number
}

export const millionTokens: Scenario = {
  name: 'million',
  limitSeconds: 600,
  async run({ pace }) {
    const findings: Finding[] = []
    const process_ = { core: testedCore, limitSeconds: 120, flags: ['--expose-gc'] }
    // A round takes a minute, and its figures hardly differ from one to the next: half as many as elsewhere.
    for (let round = 0; round < pace.rounds / 2; round++) {
      findings.push((await runProgram('fill-store', { total, listLength }, process_)) as Finding)
    }
    const of = (name: keyof Finding) => medianOf(findings, (finding) => finding[name])
    const longest = (name: keyof Finding) => Math.max(...findings.map((finding) => finding[name]))
    const figures: Figure[] = [
      {
        name: 'heap per token',
        value: of('heapBytesPerToken'),
        unit: 'bytes',
        goal: { atMost: 350 },
      },
      { name: 'resident memory per token', value: of('residentBytesPerToken'), unit: 'bytes' },
      { name: 'issue', value: of('issuesPerSecond'), unit: '/s' },
      {
        name: `reinflate in lists of ${listLength}`,
        value: of('reinflationsPerSecond'),
        unit: '/s',
      },
      { name: 'peek', value: of('peeksPerSecond'), unit: '/s' },
      { name: 'longest pause, nothing to evict', value: longest('quietPause'), unit: 'ms' },
      {
        name: 'longest pause, a million evicted',
        value: longest('wholePause'),
        unit: 'ms',
        goal: { atMost: 20 },
      },
      {
        name: 'longest pause, 1 % evicted',
        value: longest('onePercentPause'),
        unit: 'ms',
        goal: { atMost: 20 },
      },
    ]
    return { figures, raw: findings }
  },
}
