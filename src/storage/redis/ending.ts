/** That nobody waits for a call any more. A signal of it is made only for who wants one: it costs as much as the call. */
export class Ending {
  isThere = false
  #controller: AbortController | undefined

  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    if (this.isThere) this.#controller.abort()
    return this.#controller.signal
  }

  come(): void {
    this.isThere = true
    this.#controller?.abort()
  }
}
