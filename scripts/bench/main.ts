/**
 * The benchmarks: `npm run bench`, or `npm run bench -- data 64 --quick` for some scenarios, at some numbers of
 * connections, with short rounds.
 *
 * Figures are ratios to a bare `node:http` server, measured in the same run, ours and the bare one by turns in slices:
 * what else the machine does then falls on both. A ratio is the median over the rounds; behind it stand the least and
 * the greatest, which show how far to trust it. The server under test has core 0 for itself, all else is on core 1:
 * auth where `/data` is measured, the load, and this program. `core 60 %` behind a rate at 64 connections and more says
 * that the tested server was not the limit: then something else ran on the machine, and the ratio means little.
 *
 * A missed goal is a finding, not a failure: the exit code is 1 only where a scenario could not be measured. The slices
 * themselves go to `results/`, which git ignores.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, release } from 'node:os'
import { parseArgs } from 'node:util'
import { loader } from './load.ts'
import { besideCore, bindSelf, canBind, endAll } from './processes.ts'
import { fullPace, quickPace } from './rounds.ts'
import type { Figure, Findings, Scenario } from './scenario.ts'
import { data, dataByJwts, dataOnPostgres, dataOnRedis } from './scenarios/data.ts'
import { logins } from './scenarios/logins.ts'
import { millionTokens } from './scenarios/million-tokens.ts'
import { pages } from './scenarios/pages.ts'
import { refreshes } from './scenarios/refreshes.ts'
import { start } from './scenarios/start.ts'
import { validateToken } from './scenarios/validate-token.ts'
import { validations } from './scenarios/validations.ts'
import { votes } from './scenarios/votes.ts'
import { pathOf } from './servers.ts'
import { formatTable } from './table.ts'

const scenarios: readonly Scenario[] = [
  data,
  dataOnRedis,
  dataOnPostgres,
  dataByJwts,
  validateToken,
  validations,
  millionTokens,
  logins,
  refreshes,
  votes,
  pages,
  start,
]

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const isNumber = (argument: string) => /^\d+$/.test(argument)
const names = positionals.filter((argument) => !isNumber(argument))
const connections = positionals.filter(isNumber).map(Number)
const unknown = names.find((name) => !scenarios.some((scenario) => scenario.name === name))
if (unknown !== undefined) {
  const known = scenarios.map(({ name }) => name).join(', ')
  process.stderr.write(`There is no scenario "${unknown}", only ${known}.\n`)
  process.exit(1)
}

bindSelf(besideCore)
const machine = {
  cpu: cpus()[0]?.model,
  cores: cpus().length,
  kernel: release(),
  node: process.version,
}
const arrangement = { loader, isBound: canBind, isQuick: values.quick }
process.stdout.write(
  `${Object.entries({ ...machine, ...arrangement })
    .map(([name, value]) => `${name}: ${value}`)
    .join(', ')}\n`,
)

const [load = 0] = loadavg()
if (load > 0.5) {
  process.stdout.write(`The machine is busy (load average ${load.toFixed(1)}): expect noise.\n`)
}

const chosen = scenarios.filter(({ name }) => names.length === 0 || names.includes(name))
const found: Record<string, Findings> = {}
for (const scenario of chosen) {
  const startedAt = performance.now()
  process.stdout.write(`${scenario.name} … `)
  try {
    found[scenario.name] = await runWithin(scenario)
    process.stdout.write(`${Math.round((performance.now() - startedAt) / 1000)} s\n`)
  } catch (error) {
    process.exitCode = 1
    process.stdout.write(`failed: ${error instanceof Error ? error.message : String(error)}\n`)
  } finally {
    await endAll()
  }
}

const rows = Object.entries(found).flatMap(([name, { figures }]) =>
  figures.map((figure): [string, Figure] => [name, figure]),
)
process.stdout.write(`\n${formatTable(rows)}`)
process.stdout.write(`\nwritten to ${writeResults()}\n`)
process.exit()

async function runWithin(scenario: Scenario): Promise<Findings> {
  const pace = values.quick ? quickPace : fullPace
  const options = { pace, connections: connections.length === 0 ? undefined : connections }
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_, reject) => {
    const giveUp = () => reject(new Error(`not finished after ${scenario.limitSeconds} s`))
    timer = setTimeout(giveUp, scenario.limitSeconds * 1000)
  })
  try {
    return await Promise.race([scenario.run(options), limit])
  } finally {
    clearTimeout(timer)
  }
}

function writeResults(): string {
  const folder = pathOf('results')
  mkdirSync(folder, { recursive: true })
  const at = new Date().toISOString()
  const file = `${folder}/${at.replaceAll(':', '-')}.json`
  writeFileSync(file, JSON.stringify({ at, machine, arrangement, found }, null, 2))
  return file
}
