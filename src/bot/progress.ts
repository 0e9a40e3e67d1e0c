/** How far the bot is: one line that is written anew on a terminal, and a line now and then elsewhere. */
export interface ProgressOptions {
  readonly isTerminal: boolean
  readonly write: (text: string) => void
  readonly now: () => number
}

export interface Progress {
  readonly tell: (what: string, done: number, of: number) => void
  /** Leaves the terminal at the beginning of a line. */
  end(): void
}

const clearLine = '\r\x1b[K'

export function createProgress({ isTerminal, write, now }: ProgressOptions): Progress {
  const interval = isTerminal ? 100 : 5_000
  let toldAt = now()
  return {
    tell(what, done, of) {
      if (now() - toldAt < interval) return
      toldAt = now()
      const line = `${what}: ${done} of ${of}`
      write(isTerminal ? `${clearLine}${line}` : `${line}\n`)
    },
    end() {
      if (isTerminal) write(clearLine)
    },
  }
}
