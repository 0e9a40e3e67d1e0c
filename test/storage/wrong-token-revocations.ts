/** Tokens that survive their end, and ends that take too many with them. */
import { randomUUID } from 'node:crypto'
import type { NewToken, TokenStore } from '../../src/storage/ports.ts'
import { service, session, verifyEmail } from './token-store-kit.ts'
import { flaw, remembering, type TokenStoreFlaw } from './wrong-token-kit.ts'

export const wrongRevocations: readonly TokenStoreFlaw[] = [
  flaw(
    'says that it revoked and did not',
    'revokes a reinflating token for good, and says once what it was',
    ({ store }) => ({ revoke: (key, purpose) => store.peek(key, purpose) }),
  ),
  flaw(
    'brings a revoked token back by a reinflation that read it before',
    'never brings a revoked token back by a simultaneous reinflation',
    ({ store }) => {
      const { filed, issue } = remembering(store)
      return {
        issue,
        reinflate: async (keys, purpose) => {
          const before = await Promise.all(keys.map((key) => store.peek(key, purpose)))
          for (const [index, { hash }] of keys.entries()) {
            const token = filed.get(hash)
            if (before[index] !== undefined && token !== undefined) await store.issue(token)
          }
          return await store.reinflate(keys, purpose)
        },
      }
    },
  ),
  flaw(
    'ends only the tokens that a subject has by now',
    'issues nothing, and files nothing, for a login that began before there was a mark',
    ({ store }) => ({
      issue: async (token) =>
        await store.issue({ ...token, mark: await presentMark(store, token) }),
    }),
  ),
  flaw(
    'looks at the mark first and files after',
    'leaves nothing alive of the logins that were under way when a subject was ended',
    ({ store }) => ({
      issue: async (token) => {
        if ((await presentMark(store, token)) !== token.mark) return undefined
        return await store.issue({ ...token, mark: await presentMark(store, token) })
      },
    }),
  ),
  flaw(
    'ends the tokens of other purposes too',
    'leaves the tokens of the subject alone whose purpose is not named',
    ({ store }) => ({
      revokeSubject: (sub) => store.revokeSubject(sub, [session, service, verifyEmail]),
    }),
  ),
  flaw(
    'ends the first purpose only',
    'ends all that a subject has of the purposes that are named',
    ({ store }) => ({ revokeSubject: (sub, named) => store.revokeSubject(sub, named.slice(0, 1)) }),
  ),
  flaw(
    'reads a subject as a pattern',
    'files and ends the tokens of a subject with a star in it, and of no other',
    ({ store }) => {
      const { filed, issue } = remembering(store)
      return {
        issue,
        revokeSubject: async (sub, named) => {
          const subjects = new Set([...filed.values()].map((token) => token.sub))
          const prefix = sub.replace(/\*$/, '')
          for (const one of subjects)
            if (one === sub || (sub.endsWith('*') && one.startsWith(prefix)))
              await store.revokeSubject(one, named)
          return { isLasting: true }
        },
      }
    },
  ),
  flaw(
    'compares subjects without their case',
    'tells subjects apart that differ in the case of their letters only',
    ({ store }) => ({
      issue: (token) => store.issue({ ...token, sub: token.sub.toLowerCase() }),
      revokeSubject: (sub, named) => store.revokeSubject(sub.toLowerCase(), named),
    }),
  ),
  flaw(
    'sets a mark once and never a fresh one',
    'ends a token with the fresh mark by the next mark, which is another',
    ({ store }) => ({
      revokeSubject: async (sub, named) => {
        const present = await store.marks(sub, named)
        return await store.revokeSubject(
          sub,
          named.filter(({ name }) => !present.has(name)),
        )
      },
    }),
  ),
  flaw(
    'keeps a mark no longer than a token',
    'keeps a mark of sessions for their cap and an hour',
    ({ store, now }) => {
      const setAt = new Map<string, number>()
      return {
        revokeSubject: async (sub, named) => {
          setAt.set(sub, now())
          return await store.revokeSubject(sub, named)
        },
        marks: async (sub, named) => {
          const isOver = now() >= (setAt.get(sub) ?? 0) + session.capSeconds * 1000
          return isOver ? new Map() : await store.marks(sub, named)
        },
      }
    },
  ),
  flaw(
    'takes no notice of the change',
    'ends nothing by a change that has done so already',
    ({ store }) => ({ revokeSubject: (sub, named) => store.revokeSubject(sub, named) }),
  ),
  flaw(
    'is never sure of what it has ended',
    'says that an end by a change is lasting, once it is said again some seconds later',
    ({ store }) => ({
      revokeSubject: async (...args) => {
        await store.revokeSubject(...args)
        return { isLasting: false }
      },
    }),
  ),
  flaw(
    'remembers the last change only',
    'undoes no later end by a change that is said again',
    ({ store }) => {
      const last = new Map<string, string | undefined>()
      return {
        revokeSubject: async (sub, named, changeId) => {
          if (changeId !== undefined && last.get(sub) === changeId) return { isLasting: true }
          last.set(sub, changeId)
          return await store.revokeSubject(sub, named)
        },
      }
    },
  ),
  flaw(
    'remembers a change and not whose',
    'tells the changes of one subject from those of another',
    ({ store }) => ({ revokeSubject: oncePer(store, (_, __, changeId) => changeId) }),
  ),
  flaw(
    'remembers a change and not for which purposes',
    'ends by a change that is said again what it was not said of before',
    ({ store }) => ({ revokeSubject: oncePer(store, (sub, _, changeId) => `${sub} ${changeId}`) }),
  ),
  flaw(
    'remembers a change once it has set the marks',
    'sets one mark for a change that 16 say at once, 100 times',
    ({ store }) => {
      const changes = new Set<string>()
      let busy = 0
      return {
        revokeSubject: async (sub, named, changeId = randomUUID()) => {
          const change = JSON.stringify([sub, named, changeId])
          if (changes.has(change)) return { isLasting: true }
          for (let others = busy++; others > 0; others--) await store.ping()
          const revoked = await store.revokeSubject(sub, named)
          changes.add(change)
          busy--
          return revoked
        },
      }
    },
  ),
]

async function presentMark(store: TokenStore, { sub, purpose }: NewToken) {
  return (await store.marks(sub, [purpose])).get(purpose.name)
}

type RevokeSubject = TokenStore['revokeSubject']

function oncePer(
  store: TokenStore,
  keyOf: (sub: string, named: Parameters<RevokeSubject>[1], changeId: string) => string,
): RevokeSubject {
  const keys = new Set<string>()
  return async (sub, named, changeId = randomUUID()) => {
    const key = keyOf(sub, named, changeId)
    if (keys.has(key)) return { isLasting: true }
    keys.add(key)
    return await store.revokeSubject(sub, named)
  }
}
