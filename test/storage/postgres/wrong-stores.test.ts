import { describe, type TestContext } from 'node:test'
import type { TokenStore, UserStore } from '../../../src/storage/ports.ts'
import { skipUnless } from '../../kit/installed.ts'
import { tokenStoreCases } from '../token-store-contract.ts'
import { userStoreCases } from '../user-store-contract.ts'
import { itNotices } from '../wrong-store.ts'
import { sharePostgres } from './open-stores.ts'

describe('the contracts, on one Postgres', { skip: skipUnless('postgres') }, () => {
  const { open, openUsers } = sharePostgres()

  async function openTaking(t: TestContext, take: (right: TokenStore) => TokenStore['take']) {
    const opened = await open(t)
    return { ...opened, store: { ...opened.store, take: take(opened.store) } }
  }

  async function openSpoilt(t: TestContext, spoil: (right: UserStore) => Partial<UserStore>) {
    const { store } = await openUsers(t)
    return { store: { ...store, ...spoil(store) } }
  }

  itNotices(
    {
      what: 'takes by a select and then a delete',
      isCaughtBy: 'gives a single-use token to exactly one of 16 simultaneous takers, 1,000 times',
      open: (t) =>
        openTaking(t, (store) => async (key, purpose) => {
          const found = await store.peek(key, purpose)
          if (found !== undefined) await store.revoke(key, purpose)
          return found
        }),
    },
    tokenStoreCases,
  )

  itNotices(
    {
      what: 'creates a user by a select and then an insert',
      isCaughtBy: 'lets exactly one of 16 simultaneous creators have a user name, 100 times',
      open: (t) =>
        openSpoilt(t, (store) => ({
          create: async (user) => {
            if ((await store.findByUsername(user.username)) !== undefined) return false
            await store.create(user)
            return true
          },
        })),
    },
    userStoreCases,
  )

  itNotices(
    {
      what: 'replaces a password hash by a select and then an update',
      isCaughtBy: 'lets exactly one of 16 simultaneous callers swap a password hash, 100 times',
      open: (t) =>
        openSpoilt(t, (store) => ({
          replacePasswordHash: async (id, from, to) => {
            if ((await store.findById(id))?.passwordHash !== from) return false
            await store.replacePasswordHash(id, from, to)
            return true
          },
        })),
    },
    userStoreCases,
  )
})
