/** What a revocation of a subject whose answer is lost must not do: be made once more, after a later one. */
import assert from 'node:assert/strict'
import type { TokenStore } from '../../src/storage/ports.ts'
import type { OneWayProxy } from '../kit/one-way-proxy.ts'
import { waitUntil } from '../kit/processes.ts'
import { assertUnavailable } from './contract.ts'
import { isAlive, issue, markOf, session } from './token-store-kit.ts'

export interface WithLostAnswers {
  /** By way of the proxy, over which its revocations have a connection already. */
  readonly store: TokenStore
  readonly proxy: OneWayProxy
  /** The same tokens by a way of its own. */
  readonly elsewhere: TokenStore
}

export async function assertMarkIsSetOnce({ store, proxy, elsewhere }: WithLostAnswers) {
  const { key, sub } = await issue(elsewhere)
  proxy.swallowAnswers()
  const answer = assertUnavailable(store.revokeSubject(sub, [session]))
  await waitUntil(async () => (await markOf(elsewhere, sub, session)) !== undefined)
  const between = await issue(elsewhere, { sub, mark: await markOf(elsewhere, sub, session) })
  await elsewhere.revokeSubject(sub, [session])

  proxy.cut()

  await answer
  assert.equal(await isAlive(elsewhere, { key }), false)
  assert.equal(await isAlive(elsewhere, between), false)
}
