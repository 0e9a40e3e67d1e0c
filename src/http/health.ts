/**
 * `/healthz` says that the process lives, `/readyz` that it can do its work. A request never starts a probe: it reads
 * what the last background probe found, so a flood of health checks costs the stores nothing.
 */
import type { Clock } from '../clock.ts'
import { describeError, type Log } from '../log.ts'
import { type Call, endpoint } from './endpoint.ts'
import { unavailable } from './refusal.ts'
import { type Route, route } from './router.ts'
import { literal, object } from './shape.ts'

/** What must work for the server to be ready, by name. A probe resolves, or rejects with the reason. */
export type Probes = Readonly<Record<string, () => Promise<unknown>>>

export interface Readiness {
  /** The names of what the last probe found failing; at first, of everything. */
  readonly failing: readonly string[]
  /** Runs all probes once, each with a deadline, and writes to the log what has changed. Never rejects. */
  probe(): Promise<void>
  /** From now on not ready, whatever the probes say. */
  stop(): void
}

export interface ReadinessDependencies {
  readonly probes: Probes
  readonly log: Log
  readonly clock: Clock
  readonly deadlineMilliseconds: number
}

export function createReadiness({
  probes,
  log,
  clock,
  deadlineMilliseconds,
}: ReadinessDependencies): Readiness {
  const failing = new Set(Object.keys(probes))
  let hasReported = false

  async function probeOne(name: string, run: () => Promise<unknown>): Promise<void> {
    try {
      await within(run(), clock, deadlineMilliseconds)
      if (failing.delete(name) && hasReported) log.info('ready again', { probe: name })
    } catch (error) {
      if (!failing.has(name) || !hasReported)
        log.warn('not ready', { probe: name, error: describeError(error) })
      failing.add(name)
    }
  }

  return {
    get failing() {
      return [...failing]
    },
    async probe() {
      await Promise.all(Object.entries(probes).map(([name, run]) => probeOne(name, run)))
      hasReported = true
    },
    stop() {
      failing.add('shutdown')
    },
  }
}

async function within<T>(work: Promise<T>, clock: Clock, milliseconds: number): Promise<T> {
  let cancel = () => {}
  const deadline = new Promise<never>((_, reject) => {
    cancel = clock.after(milliseconds, () =>
      reject(new Error(`no answer within ${milliseconds} ms`)),
    )
  })
  try {
    return await Promise.race([work, deadline])
  } finally {
    cancel()
  }
}

const alive = object({ status: literal('ok') })
const ready = object({ status: literal('ready') })

export interface HealthDependencies {
  readonly readiness: Readiness
  /** Whether the caller may learn what is not ready. Strangers may not. */
  readonly mayKnowWhy: (call: Call) => Promise<boolean>
}

export function healthRoutes({ readiness, mayKnowWhy }: HealthDependencies): readonly Route[] {
  const showHealth = endpoint({
    summary: 'Say that the process lives',
    access: 'anybody',
    answers: { 200: alive },
  }).handle(() => ({
    status: 200,
    body: { status: 'ok' },
  }))
  const showReadiness = endpoint({
    summary: 'Say whether the server can do its work',
    access: 'anybody',
    refusals: ['temporarily_unavailable'],
    answers: { 200: ready },
  }).handle(async (call) => {
    const { failing } = readiness
    if (failing.length === 0) return { status: 200, body: { status: 'ready' } }
    const why = (await mayKnowWhy(call)) ? `: ${failing.join(', ')}` : ''
    throw unavailable(`This server is not ready${why}.`)
  })
  return [route('/healthz', { GET: showHealth }), route('/readyz', { GET: showReadiness })]
}
