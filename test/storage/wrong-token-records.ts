/** Records that do not come back as they were filed, and purposes that are not kept apart. */
import type { LivingToken } from '../../src/storage/ports.ts'
import { session, verifyEmail } from './token-store-kit.ts'
import { flaw, remembering, type TokenStoreFlaw } from './wrong-token-kit.ts'

export const wrongRecords: readonly TokenStoreFlaw[] = [
  flaw(
    'keeps what it was given instead of a copy',
    'keeps a copy of what was filed: what becomes of the original changes nothing',
    ({ store }) => {
      const { filed, issue } = remembering(store)
      return {
        issue,
        peek: async (key, purpose) => {
          const found = await store.peek(key, purpose)
          return found && { ...found, scope: filed.get(key.hash)?.scope ?? '' }
        },
      }
    },
  ),
  flaw(
    'answers a peek with its own record instead of a copy',
    'answers a peek with a copy: what becomes of it changes nothing',
    ({ store }) => {
      const kept = new Map<string, LivingToken>()
      return {
        peek: async (key, purpose) => {
          const found = kept.get(key.hash) ?? (await store.peek(key, purpose))
          if (found !== undefined) kept.set(key.hash, found)
          return found
        },
      }
    },
  ),
  flaw(
    'forgets the scope and the context',
    'issues a token with all that was asked for and with times by its own clock',
    ({ store }) => ({ issue: (token) => store.issue({ ...token, scope: '', context: '' }) }),
  ),
  flaw(
    'cuts texts at a NUL',
    'files and ends the tokens of a subject with a NUL in it, and of no other',
    ({ store }) => ({
      issue: (token) => store.issue({ ...token, sub: token.sub.replace(/\0.*/s, '') }),
    }),
  ),
  flaw(
    'loses an update when reinflations meet',
    'counts each of 16 simultaneous reinflations',
    ({ store }) => ({
      reinflate: async (keys, purpose) => {
        const before = await Promise.all(keys.map((key) => store.peek(key, purpose)))
        const after = await store.reinflate(keys, purpose)
        return after.map(
          (token, index) =>
            token && { ...token, refreshCount: (before[index]?.refreshCount ?? 0) + 1 },
        )
      },
    }),
  ),
  flaw(
    'answers a list with those first that it found',
    'answers a list of good, unknown, revoked and foreign tokens in its order',
    ({ store }) => ({
      reinflate: async (keys, purpose) => {
        const answers = await store.reinflate(keys, purpose)
        return answers.toSorted((one, other) => Number(!one) - Number(!other))
      },
    }),
  ),
  flaw(
    'leaves out of a list what it did not find',
    'answers a list of good, unknown, revoked and foreign tokens in its order',
    ({ store }) => ({
      reinflate: async (keys, purpose) =>
        (await store.reinflate(keys, purpose)).filter((token) => token !== undefined),
    }),
  ),
]

export const wrongPurposes: readonly TokenStoreFlaw[] = [
  flaw(
    'ignores the purpose at a peek',
    'does not show a token under another purpose',
    ({ store }) => ({
      peek: async (key, purpose) =>
        (await store.peek(key, purpose)) ?? (await store.peek(key, session)),
    }),
  ),
  flaw(
    'consumes first and looks at the purpose after',
    'does not take a single-use token of another purpose, nor consume it',
    ({ store }) => ({
      take: async (key, purpose) => {
        const taken = await store.take(key, verifyEmail)
        return taken?.purpose === purpose.name ? taken : undefined
      },
    }),
  ),
  flaw(
    'extends a token of another purpose, though it does not show it',
    'does not reinflate a reinflating token of another purpose',
    ({ store }) => ({
      reinflate: async (keys, purpose) => {
        if (purpose.name !== session.name) await store.reinflate(keys, session)
        return await store.reinflate(keys, purpose)
      },
    }),
  ),
]
