/**
 * The log: one JSON object a line, or a readable line where a terminal reads it.
 *
 * Nothing a client typed is a log field: not its user name (it may be a mistyped password), its path, its query or its
 * headers. As a last net, whatever looks like one of our tokens is struck out of every line.
 */

export const logLevels = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof logLevels)[number]

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>

export interface Log {
  /** False where building the fields of a debug line would be in vain. */
  readonly isDebug: boolean
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
}

export interface LogOptions {
  readonly server: string
  readonly level: LogLevel
  readonly isReadable: boolean
  /** Takes one line, its newline included. */
  readonly write: (line: string) => void
  readonly now: () => number
}

export function createLog({ server, level, isReadable, write, now }: LogOptions): Log {
  const least = logLevels.indexOf(level)
  const at = (one: LogLevel) => (message: string, fields?: LogFields) => {
    if (logLevels.indexOf(one) < least) return
    const line = { time: new Date(now()).toISOString(), level: one, server, message, ...fields }
    write(`${redact(isReadable ? readableLine(line) : JSON.stringify(line))}\n`)
  }
  return {
    isDebug: least === 0,
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
  }
}

/** One line for people: time, level, server, message, then what else there is. */
export function readableLine({ time, level, server, message, ...fields }: LogFields): string {
  const known = Object.entries(fields).filter(([, value]) => value !== undefined)
  const rest = known.map(([name, value]) => ` ${name}=${JSON.stringify(value)}`)
  return `${String(time).slice(11, 23)} ${String(level).padEnd(5)} ${server}: ${message}${rest.join('')}`
}

const tokenPattern = /sp_([a-z])_[\w-]+/g

function redact(line: string): string {
  return line.includes('sp_') ? line.replace(tokenPattern, 'sp_$1_…') : line
}

/** An error as a log field: its stack and those of its causes, a few of them (they may go in a circle). */
export function describeError(error: unknown, causes = 5): string {
  if (!(error instanceof Error)) return `thrown: ${typeof error}`
  const own = error.stack ?? error.message
  if (error.cause === undefined || causes === 0) return own
  return `${own}\ncaused by ${describeError(error.cause, causes - 1)}`
}
