/** What scripts have in common: the arguments, the configuration, a log, and an end in good order that says what went wrong. */
import { systemClock } from './clock.ts'
import type { Environment } from './config.ts'
import type { Extension } from './config-extension.ts'
import { Refusal } from './http/refusal.ts'
import { createLog } from './log.ts'
import { createReleasers } from './releasers.ts'
import { type ProcessContext, readConfigOrExit, reasonOf } from './run.ts'
import type { Program } from './variable-kinds.ts'

export interface Script {
  readonly name: string
  /** Whose variables it reads. */
  readonly programs: readonly Program[]
  readonly extensions?: readonly Extension[]
  /** What the reason stands behind where it fails. Default: nothing. */
  readonly failure?: string
}

/** Works, then releases what was opened. Where that fails, the reason goes to stderr and the process ends with 1. */
export async function runScript(
  { name, programs, extensions = [], failure }: Script,
  environment: Environment,
  work: (context: ProcessContext) => Promise<void>,
): Promise<void> {
  const config = readConfigOrExit(environment, programs, extensions)
  const log = createLog({
    server: name,
    level: config.logLevel,
    isReadable: process.stderr.isTTY,
    write: (line) => process.stderr.write(line),
    now: systemClock.now,
  })
  const { release, releaseAll } = createReleasers(log)
  try {
    await work({ config, log, clock: systemClock, release })
  } catch (error) {
    const reason = error instanceof Refusal ? error.message : reasonOf(error)
    complain(failure === undefined ? reason : `${failure}: ${reason}`)
  }
  await releaseAll()
}

/** Says on stderr what went wrong, and has the process end with 1. */
export function complain(...sentences: readonly string[]): void {
  for (const sentence of sentences) process.stderr.write(`${sentence}\n`)
  process.exitCode = 1
}

/**
 * What `read` makes of the arguments. Where it throws or answers `undefined` the process ends, and says how it is used.
 * Nothing of a wrong argument is repeated: it may be a secret in the wrong place.
 */
export function readArgumentsOrExit<T>(usage: string, read: () => T | undefined): T {
  try {
    const given = read()
    if (given !== undefined) return given
  } catch {}
  complain(usage)
  process.exit()
}
