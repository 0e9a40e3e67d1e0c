/** Something that happens once, and whoever wants to know of it. */
export interface Signal {
  /** From now on it has happened. */
  give(): void
  /** Calls `action` when it happens, or at once where it has. The answer takes that back. */
  listen(action: () => void): () => void
}

export function createSignal(): Signal {
  const actions = new Set<() => void>()
  let isGiven = false
  return {
    give() {
      isGiven = true
      for (const action of actions) action()
    },
    listen(action) {
      if (isGiven) action()
      actions.add(action)
      return () => void actions.delete(action)
    },
  }
}
