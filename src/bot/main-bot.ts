/** A program that uses both servers as people do, by HTTP alone, and proves that what was voted is what is counted. */
import { readFileSync } from 'node:fs'
import { systemClock } from '../clock.ts'
import { BotError } from './bot-error.ts'
import { type BotOptions, readOptions, usage } from './options.ts'
import { createProgress } from './progress.ts'
import { formatReport } from './report.ts'
import { runBot } from './run-bot.ts'

const options = readOptionsOrExit()
const clock = { ...systemClock, now: () => performance.now() }
const progress = createProgress({
  isTerminal: process.stderr.isTTY,
  write: (text) => process.stderr.write(text),
  now: clock.now,
})
let isEnough = false
process.once('SIGINT', () => {
  isEnough = true
})

try {
  const report = await runBot({
    options,
    clock,
    isEnough: () => isEnough,
    progress: progress.tell,
  })
  progress.end()
  process.stdout.write(formatReport(report))
  if (report.off.length > 0) process.exitCode = 1
} catch (error) {
  if (!(error instanceof BotError)) throw error
  progress.end()
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}

/** Nothing of a wrong argument is repeated: it may be a secret in the wrong place. */
function readOptionsOrExit(): BotOptions {
  try {
    const read = readOptions(process.argv.slice(2), (path) => readFileSync(path, 'utf8'))
    if (read !== undefined) return read
    process.stdout.write(usage)
    process.exit()
  } catch {
    process.stderr.write(usage)
    process.exit(1)
  }
}
