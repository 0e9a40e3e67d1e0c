/** All that is wrong with an environment, a sentence each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.problems = problems
  }
}

/** What is wrong so far, and with which variables, so that one mistake is one sentence. */
export class Problems {
  readonly sentences: string[] = []
  readonly #names = new Set<string>()

  add(sentence: string, ...names: readonly string[]): void {
    if (names.some((name) => this.#names.has(name))) return
    for (const name of names) this.#names.add(name)
    this.sentences.push(sentence)
  }
}
