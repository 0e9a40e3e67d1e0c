/** What the bot has found, for people to read. */
import type { Repeats } from './client.ts'

export interface Report {
  readonly seed: number
  readonly users: number
  readonly posts: number
  /** In milliseconds, of each vote that was accepted: from its first try on. */
  readonly latencies: readonly number[]
  /** Of voting. */
  readonly seconds: number
  readonly checkSeconds: number
  readonly repeats: Repeats
  /** In sentences. */
  readonly off: readonly string[]
}

const mostShown = 20

export function formatReport(report: Report): string {
  const { seed, users, posts, latencies, seconds, checkSeconds, repeats, off } = report
  const sorted = [...latencies].sort((one, other) => one - other)
  const at = (share: number) => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1)
  const { unavailable, tooMany, unanswered } = repeats
  const rows: readonly (readonly [string, string | number])[] = [
    ['seed', seed],
    ['users', users],
    ['posts', posts],
    ['votes accepted', latencies.length],
    ['votes/s', Math.round(latencies.length / Math.max(seconds, 0.001))],
    ['latency', `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`],
    ['asked again', `${unavailable} × 503, ${tooMany} × 429, ${unanswered} × no answer`],
    ['compared in', `${checkSeconds.toFixed(1)} s`],
    ['off', off.length === 0 ? 'nothing' : off.length],
  ]
  const lines = [
    ...rows.map(([name, value]) => `${name.padEnd(16)}${value}`),
    ...off.slice(0, mostShown).map((sentence) => `- ${sentence}`),
  ]
  if (off.length > mostShown) lines.push(`- and ${off.length - mostShown} more`)
  return `${lines.join('\n')}\n`
}
