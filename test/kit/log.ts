import { createLog, type Log, type LogLevel } from '../../src/log.ts'

export interface LogLine {
  readonly level: LogLevel
  readonly message: string
  readonly [field: string]: unknown
}

/** A real log that keeps its lines. */
export interface RecordedLog extends Log {
  /** All that was written, as it was written. */
  text(): string
  /** The lines with this message. */
  find(message: string): readonly LogLine[]
}

export function recordedLog(level: LogLevel = 'debug'): RecordedLog {
  const written: string[] = []
  const write = (line: string) => void written.push(line)
  const log = createLog({ server: 'test', level, isReadable: false, write, now: Date.now })
  return {
    ...log,
    text: () => written.join(''),
    find: (message) =>
      written.map((line) => JSON.parse(line) as LogLine).filter((line) => line.message === message),
  }
}
