/** A closed store rejects. What it cannot know, it never reports as absent. */
import type { TokenStore } from '../../src/storage/ports.ts'
import { assertUnavailable } from './contract.ts'
import {
  type Issued,
  issue,
  newToken,
  session,
  type TokenStoreCase,
  verifyEmail,
} from './token-store-kit.ts'

export const closedCases: readonly TokenStoreCase[] = [
  closedCase('to issue', (store) => store.issue(newToken())),
  closedCase('to reinflate', (store, { key }) => store.reinflate([key], session)),
  closedCase('to reinflate nothing', (store) => store.reinflate([], session)),
  closedCase('to peek', (store, { key }) => store.peek(key, session)),
  closedCase('to take', (store, { key }) => store.take(key, verifyEmail)),
  closedCase('to revoke', (store, { key }) => store.revoke(key, session)),
  closedCase('to revoke a subject', (store, { sub }) => store.revokeSubject(sub, [session])),
  closedCase('to tell marks', (store, { sub }) => store.marks(sub, [session])),
  closedCase('a census', (store) => store.census()),
  closedCase('a ping', (store) => store.ping()),
]

function closedCase(
  what: string,
  call: (store: TokenStore, issued: Issued) => Promise<unknown>,
): TokenStoreCase {
  return {
    sentence: `refuses ${what} when it is closed`,
    run: async ({ store }) => {
      const issued = await issue(store)

      await store.close()

      await assertUnavailable(call(store, issued))
    },
  }
}
