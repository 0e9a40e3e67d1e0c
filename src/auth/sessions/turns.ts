/** Runs the work of one subject one after the other, and that of different subjects at the same time. */
export type Turns = <T>(sub: string, work: () => Promise<T>) => Promise<T>

export function createTurns(): Turns {
  /** Resolves when the last work of the subject that came so far is done, however it ends. */
  const lasts = new Map<string, Promise<void>>()

  return async (sub, work) => {
    const before = lasts.get(sub)
    const working = before === undefined ? work() : before.then(work)
    const done = working.then(
      () => {},
      () => {},
    )
    lasts.set(sub, done)
    try {
      return await working
    } finally {
      if (lasts.get(sub) === done) lasts.delete(sub)
    }
  }
}
