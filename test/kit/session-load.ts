/** A light load of people who use their sessions, and of one who logs in and out, with how each request ended, in order. */
import { setTimeout as pause } from 'node:timers/promises'
import { logInDemo, postLogin, postLogout } from './demo.ts'
import type { ServerProcess } from './processes.ts'
import { getData } from './servers.ts'

export interface Outcome {
  /** Of the test's clock, in milliseconds. */
  readonly startedAt: number
  readonly endedAt: number
  /** 0 where no answer came. */
  readonly status: number
}

export interface SessionLoad {
  /** Of each session. */
  readonly sessions: readonly (readonly Outcome[])[]
  readonly logins: readonly Outcome[]
  readonly logouts: readonly Outcome[]
  /** Finishes the requests under way. */
  stop(): Promise<void>
}

interface LoadOptions {
  readonly auth: ServerProcess
  /** The sessions are spread over them. */
  readonly businesses: readonly ServerProcess[]
  readonly tokens: readonly string[]
}

const pauseMilliseconds = { session: 5, login: 50 }

export function startSessionLoad({ auth, businesses, tokens }: LoadOptions): SessionLoad {
  const sessions = tokens.map((): Outcome[] => [])
  const logins: Outcome[] = []
  const logouts: Outcome[] = []
  let isStopped = false

  async function useSession(token: string, nth: number): Promise<void> {
    const url = businesses[nth % businesses.length]?.url ?? ''
    while (!isStopped) {
      await record(sessions[nth], () => getData(url, token))
      await pause(pauseMilliseconds.session)
    }
  }

  async function logInAndOut(): Promise<void> {
    while (!isStopped) {
      const response = await record(logins, () => postLogin(auth.url))
      const { token } = JSON.parse(response || '{}') as { token?: string }
      if (token !== undefined) await record(logouts, () => postLogout(auth.url, token))
      await pause(pauseMilliseconds.login)
    }
  }

  const workers = [...tokens.map(useSession), logInAndOut()]
  return {
    sessions,
    logins,
    logouts,
    async stop() {
      isStopped = true
      await Promise.all(workers)
    },
  }
}

/** The body of the answer. */
async function record(
  outcomes: Outcome[] | undefined,
  call: () => Promise<Response>,
): Promise<string> {
  const startedAt = Date.now()
  const [status, body] = await call().then(
    async (response) => [response.status, await response.text()] as const,
    () => [0, ''] as const,
  )
  outcomes?.push({ startedAt, endedAt: Date.now(), status })
  return body
}

/** The statuses, each where it is another than the one before. */
export function turnsOf(outcomes: readonly Outcome[]): readonly number[] {
  const statuses = outcomes.map(({ status }) => status)
  return statuses.filter((status, index) => status !== statuses[index - 1])
}

/** The statuses of what began and ended in between. */
export function statusesBetween(
  outcomes: readonly Outcome[],
  from: number,
  to: number,
): ReadonlySet<number> {
  const inside = outcomes.filter(({ startedAt, endedAt }) => startedAt > from && endedAt < to)
  return new Set(inside.map(({ status }) => status))
}

/** That many of the demo user. */
export async function logInOften(authUrl: string, times: number): Promise<string[]> {
  const tokens: string[] = []
  for (let nth = 0; nth < times; nth++) tokens.push(await logInDemo(authUrl))
  return tokens
}
