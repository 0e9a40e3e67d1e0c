/** Real servers for all tests of a `describe`: started before the first of them, ended after the last. */
import { after, before, type TestContext } from 'node:test'
import { startAuth, startBoth, type Variables } from './processes.ts'

/** To be called in the body of a `describe`. The answer is there as soon as a test runs. */
export function shareBoth(variables: Variables = {}): () => Awaited<ReturnType<typeof startBoth>> {
  return share((context) => startBoth(context, variables))
}

/** The same with auth alone. */
export function shareAuth(variables: Variables = {}): () => Awaited<ReturnType<typeof startAuth>> {
  return share((context) => startAuth(context, variables))
}

/** Whatever `start` acquires and hands to `after` of its context is released after the last test. */
export function share<T>(start: (context: TestContext) => Promise<T>): () => T {
  const releasers: (() => unknown)[] = []
  const context = {
    after: (releaser: () => unknown) => void releasers.unshift(releaser),
  } as TestContext // the kit asks its context for nothing else
  let started: { readonly value: T } | undefined
  before(async () => {
    started = { value: await start(context) }
  })
  after(async () => {
    for (const releaser of releasers) await releaser()
  })
  return () => {
    if (started === undefined) throw new TypeError('the servers are not started before the tests')
    return started.value
  }
}
