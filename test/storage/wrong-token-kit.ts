/** A wrong token store is the memory store with one flaw. */
import type { TestContext } from 'node:test'
import type { LivingToken, NewToken, TokenStore } from '../../src/storage/ports.ts'
import { openMemoryTokens } from './memory/open-tokens.ts'
import type { OpenedExactly, Room } from './token-store-kit.ts'
import type { Flaw } from './wrong-store.ts'

export type TokenStoreFlaw = Flaw<OpenedExactly>
export type Spoil = (right: OpenedExactly) => Partial<TokenStore>

export function flaw(what: string, isCaughtBy: string, spoil: Spoil, room?: Room): TokenStoreFlaw {
  const open = async (t: TestContext) => {
    const right = await openMemoryTokens(t, room)
    return { ...right, store: { ...right.store, ...spoil(right) } }
  }
  return { what, isCaughtBy, open }
}

/** Remembers what was issued, as a store with a second, forgotten index would. */
export function remembering(store: TokenStore) {
  const filed = new Map<string, NewToken>()
  const living = new Map<string, LivingToken>()
  const issue: TokenStore['issue'] = async (token) => {
    const answer = await store.issue(token)
    filed.set(token.key.hash, token)
    if (answer !== undefined) living.set(token.key.hash, answer)
    return answer
  }
  return { filed, living, issue }
}
