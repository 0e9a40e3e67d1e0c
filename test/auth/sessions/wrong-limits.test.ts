/** Limits with one flaw each, made by an index or a token store that misleads the right one. */
import { describe, type TestContext } from 'node:test'
import type { IndexedSession } from '../../../src/auth/sessions/session-index.ts'
import type { LivingToken } from '../../../src/storage/ports.ts'
import { type Flaw, itNotices } from '../../storage/wrong-store.ts'
import { sessionLimitCases } from './limit-contract.ts'
import type { OpenedLimit } from './limit-kit.ts'
import { openRealTime } from './open-memory.ts'

function flaw(
  what: string,
  isCaughtBy: string,
  spoil: (right: OpenedLimit) => {
    readonly index?: Partial<OpenedLimit['index']>
    readonly tokens?: Partial<OpenedLimit['tokens']>
  },
): Flaw<OpenedLimit> {
  const open = async (t: TestContext) => {
    const right = openRealTime(t)
    const { index, tokens } = spoil(right)
    return { index: { ...right.index, ...index }, tokens: { ...right.tokens, ...tokens } }
  }
  return { what, isCaughtBy, open }
}

const flaws: readonly Flaw<OpenedLimit>[] = [
  flaw(
    'looks first and indexes after',
    'lets exactly 20 of 40 simultaneous logins live, and lists no others',
    ({ index }) => {
      const seen = new Map<string, readonly IndexedSession[]>()
      return {
        index: {
          async add(sub, session) {
            const before = await index.list(sub)
            await new Promise(setImmediate)
            await index.add(sub, session)
            seen.set(sub, [...before, session])
          },
          async list(sub) {
            const found = seen.get(sub) ?? (await index.list(sub))
            seen.delete(sub)
            return found
          },
        },
      }
    },
  ),
  flaw(
    'ends the newest instead',
    'ends the oldest where none was used since, and tells so',
    ({ tokens }) => ({
      tokens: {
        async peek(key, purpose) {
          const living = await tokens.peek(key, purpose)
          return living && { ...living, expiresAt: -living.expiresAt }
        },
      },
    }),
  ),
  flaw(
    'counts from the login, not from the last use',
    'ends the one that was not used for the longest time',
    ({ tokens }) => ({
      tokens: {
        async peek(key, purpose) {
          const living = await tokens.peek(key, purpose)
          return living && { ...living, expiresAt: living.issuedAt }
        },
      },
    }),
  ),
  flaw('counts the dead', 'lets no dead session push a living one out', ({ tokens }) => {
    const known = new Map<string, LivingToken>()
    return {
      tokens: {
        async peek(key, purpose) {
          const living = await tokens.peek(key, purpose)
          return living ?? known.get(key.hash)
        },
        async issue(token) {
          const living = await tokens.issue(token)
          if (living !== undefined) known.set(token.key.hash, living)
          return living
        },
      },
    }
  }),
  flaw(
    'takes off the list and lets live',
    'ends the oldest where none was used since, and tells so',
    ({ tokens }) => ({ tokens: { revoke: (key, purpose) => tokens.peek(key, purpose) } }),
  ),
  flaw(
    'ends and leaves on the list',
    'lets the last login alone live where the limit is one',
    () => ({ index: { remove: async () => {} } }),
  ),
  flaw('limits all users together', 'ends nothing of other users', ({ index }) => ({
    index: {
      add: (_, session) => index.add('', session),
      list: () => index.list(''),
      remove: (_, ids) => index.remove('', ids),
    },
  })),
]

describe('the contract of the limit', () => {
  for (const one of flaws) itNotices(one, sessionLimitCases)
})
