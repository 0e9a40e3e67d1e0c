/**
 * What holds where two processes have one store. Their calls start at the same moment: the race kit, which knows nothing
 * of processes, is given a store that hands every call to the other process than the one before.
 */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { TokenStore } from '../../src/storage/ports.ts'
import type { Lifetime } from '../kit/daemon.ts'
import type { Variables } from '../kit/processes.ts'
import { share } from '../kit/shared-servers.ts'
import { describeCases } from './contract.ts'
import { startOtherProcess } from './other-process.ts'
import { newToken, session } from './token-store-kit.ts'
import { raceCases } from './token-store-races.ts'

const script = new URL('./store-process.js', import.meta.url)
const secondsOfLists = 10
const callsAtOnce = 3

/** For stores outside of the process. `openUrl` is asked once, before the first test. */
export function twoProcessesContract(name: string, openUrl: () => string | Promise<string>): void {
  describe(`${name}, shared by two processes`, () => {
    const stores = share(async (context) => {
      const url = await openUrl()
      return [await openElsewhere(context, url), await openElsewhere(context, url)] as const
    })

    describeCases('in a race', raceCases, async () => {
      const [one, other] = stores()
      return { store: alternating(one, other), pass: () => Promise.reject(new Error('no clock')) }
    })

    it(`answers overlapping lists in opposite orders for ${secondsOfLists} s`, async () => {
      const [one, other] = stores()
      const tokens = Array.from({ length: 256 }, () => newToken())
      await Promise.all(tokens.map((token) => one.issue(token)))
      const forth = tokens.slice(0, 192)
      const back = tokens.slice(64).toReversed()
      const until = Date.now() + secondsOfLists * 1000

      async function ask(store: TokenStore, list: typeof tokens): Promise<number> {
        const keys = list.map(({ key }) => key)
        const ids = list.map(({ id }) => id)
        let asked = 0
        for (; Date.now() < until; asked++) {
          const answers = await store.reinflate(keys, session)
          assert.deepEqual(
            answers.map((answer) => answer?.id),
            ids,
          )
        }
        return asked
      }
      const calls = Array.from({ length: callsAtOnce }, () => [ask(one, forth), ask(other, back)])
      const asked = await Promise.all(calls.flat())

      assert.equal(Math.min(...asked) > 10, true, `asked ${asked.join(', ')} times`)
      const shared = tokens.slice(64, 192).map(({ key }) => key)
      const [last] = await one.reinflate(shared, session)
      assert.equal(last?.refreshCount, asked.reduce((sum, times) => sum + times, 0) + 1)
    })
  })
}

/** The store as another process has it, which is told of nothing but these variables. */
export async function openElsewhere(
  t: Lifetime,
  url: string,
  variables: Variables = {},
): Promise<TokenStore> {
  return storeBy(await startOtherProcess(t, script, { ...variables, TOKEN_STORE: url }))
}

function alternating(one: TokenStore, other: TokenStore): TokenStore {
  let calls = 0
  return storeBy((method, args) => {
    const store = calls++ % 2 === 0 ? one : other
    return Reflect.apply(store[method], store, args) as Promise<unknown>
  })
}

/** A store all of whose methods are one function. */
function storeBy(
  call: (method: keyof TokenStore, args: readonly unknown[]) => Promise<unknown>,
): TokenStore {
  const by =
    (method: keyof TokenStore) =>
    (...args: readonly unknown[]) =>
      call(method, args) as Promise<never> // what the method answers
  return {
    issue: by('issue'),
    reinflate: by('reinflate'),
    peek: by('peek'),
    take: by('take'),
    revoke: by('revoke'),
    revokeSubject: by('revokeSubject'),
    marks: by('marks'),
    census: by('census'),
    ping: by('ping'),
    close: by('close'),
  }
}
