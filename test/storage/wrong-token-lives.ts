/** Tokens that are taken twice, or live too long, or not long enough. */
import type { Purpose } from '../../src/storage/ports.ts'
import { flaw, remembering, type TokenStoreFlaw } from './wrong-token-kit.ts'

export const wrongTakes: readonly TokenStoreFlaw[] = [
  flaw(
    'takes by looking first and removing after',
    'gives a single-use token to exactly one of 16 simultaneous takers, 1,000 times',
    ({ store }) => ({
      take: async (key, purpose) => {
        const found = await store.peek(key, purpose)
        if (found !== undefined) await store.revoke(key, purpose)
        return found
      },
    }),
  ),
  flaw(
    'gives a single-use token away and keeps it',
    'gives a single-use token to the first taker, whole, and to nobody after',
    ({ store }) => ({ take: (key, purpose) => store.peek(key, purpose) }),
  ),
  flaw(
    'consumes a single-use token at a peek',
    'leaves a single-use token alone that is only peeked at',
    ({ store }) => ({
      peek: (key, purpose) =>
        purpose.flavour === 'single_use' ? store.take(key, purpose) : store.peek(key, purpose),
    }),
  ),
]

export const wrongExpiries: readonly TokenStoreFlaw[] = [
  flaw(
    'finds a token alive at the very instant of its expiry',
    'judges a session alive one millisecond before its expiry, and dead at it',
    ({ store, now }) => {
      const { living, issue } = remembering(store)
      return {
        issue,
        peek: async (key, purpose) => {
          const last = living.get(key.hash)
          return (await store.peek(key, purpose)) ?? (last?.expiresAt === now() ? last : undefined)
        },
      }
    },
  ),
  flaw(
    'lets a token die one millisecond early',
    'gives a single-use token away one millisecond before its expiry, and not at it',
    ({ store }) => ({
      take: async (key, purpose) => {
        const taken = await store.take(key, purpose)
        return taken !== undefined && taken.expiresAt - taken.judgedAt > 1 ? taken : undefined
      },
    }),
  ),
  flaw(
    'moves an expiry back',
    'never moves an expiry backwards, whatever TTL the purpose has by now',
    ({ store }) => ({
      reinflate: async (keys, purpose) =>
        (await store.reinflate(keys, purpose)).map(
          (token) => token && { ...token, expiresAt: token.judgedAt + purpose.ttlSeconds * 1000 },
        ),
    }),
  ),
  flaw(
    'knows no cap',
    'never moves an expiry past the cap, and lets the token die there',
    ({ store }) => ({
      issue: (token) => store.issue({ ...token, purpose: uncapped(token.purpose) }),
      reinflate: async (keys, purpose) =>
        (await store.reinflate(keys, purpose)).map(
          (token) => token && { ...token, capAt: token.issuedAt + purpose.capSeconds * 1000 },
        ),
    }),
  ),
  flaw(
    'extends fixed tokens by looking at them',
    'lets a fixed token die after its TTL, however often it is looked at',
    ({ store }) => ({
      issue: (token) => store.issue({ ...token, purpose: sliding(token.purpose) }),
      peek: async (key, purpose) => (await store.reinflate([key], sliding(purpose)))[0],
    }),
  ),
  flaw(
    'extends sessions by a peek',
    'does not keep a reinflating token alive by peeking at it',
    ({ store }) => ({
      peek: async (key, purpose) =>
        purpose.flavour === 'reinflating'
          ? (await store.reinflate([key], purpose))[0]
          : await store.peek(key, purpose),
    }),
  ),
  flaw(
    'does not extend a session by a reinflation',
    'lets a reinflating token live past its first expiry, as long as it is used',
    ({ store }) => ({
      reinflate: (keys, purpose) => Promise.all(keys.map((key) => store.peek(key, purpose))),
    }),
  ),
  flaw(
    'follows a clock that steps back',
    'does not bring a dead token back when the clock steps back',
    ({ store, now }) => {
      const { living, issue } = remembering(store)
      return {
        issue,
        peek: async (key, purpose) => {
          const last = living.get(key.hash)
          const isAgainAlive = last !== undefined && now() < last.expiresAt
          return (await store.peek(key, purpose)) ?? (isAgainAlive ? last : undefined)
        },
      }
    },
  ),
]

function uncapped(purpose: Purpose): Purpose {
  return purpose.flavour === 'reinflating' ? { ...purpose, capSeconds: 1_000_000 } : purpose
}

function sliding(purpose: Purpose) {
  return { ...purpose, flavour: 'reinflating', capSeconds: 1_000_000 } as const
}
