/** What both servers' entry points have in common: the configuration, the log, the clock, and an end in good order. */
import { setFlagsFromString } from 'node:v8'
import { type Clock, systemClock } from './clock.ts'
import { type Config, type Environment, readConfig } from './config.ts'
import type { Extension } from './config-extension.ts'
import { ConfigError } from './config-problems.ts'
import type { Readiness } from './http/health.ts'
import type { RunningServer } from './http/server.ts'
import { createLog, describeError, type Log } from './log.ts'
import { createReleasers, type Releasers } from './releasers.ts'
import { StartError } from './start-error.ts'
import type { Program } from './variable-kinds.ts'

export interface ProcessContext {
  readonly config: Config
  readonly log: Log
  readonly clock: Clock
  readonly release: Releasers['release']
}

export interface Started {
  readonly server: RunningServer
  readonly readiness: Readiness
}

/** What runs without a server has nobody who asks whether it is ready. */
export type StartedProgram = Started | undefined

const probeMilliseconds = 2_000

/** Runs a program until SIGTERM or SIGINT, then ends the process: with 0 after a drain, with 1 where it could not start. */
export async function run(
  name: 'auth' | 'business' | 'worker',
  environment: Environment,
  start: (context: ProcessContext) => Promise<StartedProgram>,
  extensions: readonly Extension[] = [],
): Promise<void> {
  // Requests that wait for an answer outlive a scavenge or two. V8 takes what such code allocates for long-lived and puts
  // it among the old, where collecting it costs a third of all the time of a busy server.
  setFlagsFromString('--no-allocation-site-pretenuring')
  const config = readConfigOrExit(environment, [name], extensions)
  const clock = systemClock
  const log = createLog({
    server: name,
    level: config.logLevel,
    isReadable: process.stdout.isTTY,
    write: (line) => process.stdout.write(line),
    now: clock.now,
  })
  process.stdout.on('error', () => {}) // whoever read our log has gone; we have not
  process.on('uncaughtException', (error) => {
    log.error('a fault that nobody caught', { error: describeError(error) })
    process.exit(1)
  })

  const signalled = nextSignal()
  const { release, releaseAll } = createReleasers(log)
  let failure = 'could not start'
  try {
    const started = await start({ config, log, clock, release })
    const { environment } = config
    const where = started === undefined ? {} : { url: started.server.url }
    const what = started === undefined ? 'working' : 'listening'
    log.info(what, { ...where, pid: process.pid, environment })
    failure = 'failed'
    tellStarter(where)
    if (started !== undefined) await becomeReady(started, { log, clock, release })
    log.info('stopping', { signal: await signalled })
    started?.readiness.stop()
    await started?.server.drain(config.shutdown)
  } catch (error) {
    const reason = `${name} ${failure}: ${reasonOf(error)}`
    log.error(reason)
    tellStarter({ reason })
    process.exitCode = 1
  }
  await releaseAll()
  log.info('stopped')
  process.exit()
}

async function becomeReady(
  { readiness }: Started,
  { log, clock, release }: Omit<ProcessContext, 'config'>,
): Promise<void> {
  const probe = async () => {
    await readiness.probe()
    if (readiness.failing.length === 0) tellStarter({ isReady: true })
  }
  release(clock.every(probeMilliseconds, () => void probe()))
  await probe()
  log.info('started', { ready: readiness.failing.length === 0 })
}

/** What a server tells the process that started it, where there is one: it must not depend on the log's level. */
export interface News {
  readonly url?: string
  readonly isReady?: boolean
  /** Why it ends. */
  readonly reason?: string
}

function tellStarter(news: News): void {
  if (process.connected) process.send?.(news)
}

/** Prints each problem on a line of its own and ends the process where there is one. */
export function readConfigOrExit(
  environment: Environment,
  programs: readonly Program[],
  extensions: readonly Extension[] = [],
): Config {
  try {
    return readConfig(environment, programs, extensions)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    for (const problem of error.problems) process.stderr.write(`${problem}\n`)
    process.exit(1)
  }
}

/** The first reason to stop: a signal, or the end of the process that started this one. */
export function nextSignal(): Promise<string> {
  return new Promise((resolve) => {
    process.once('SIGTERM', resolve)
    process.once('SIGINT', resolve)
    process.once('disconnect', () => resolve('disconnect'))
  })
}

/** One sentence for the likely reasons, the whole error for all others. */
export function reasonOf(error: unknown): string {
  if (error instanceof StartError) return error.message
  const { code, address, port } = error as NodeJS.ErrnoException & {
    address?: string
    port?: number
  } // missing fields are fine
  if (code === 'EADDRINUSE') return `another program listens on ${address}:${port}.`
  if (code === 'EACCES') return `it may not listen on ${address}:${port}.`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `this machine has no address ${address ?? 'of that name'}.`
  return describeError(error)
}
