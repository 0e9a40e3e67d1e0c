import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { createClient } from '@redis/client'
import type { TokenStore } from '../../../src/storage/ports.ts'
import { skipUnless } from '../../kit/installed.ts'
import { isAlive, issue, lasting, type Opened, session, verifyEmail } from '../token-store-kit.ts'
import { raceCases } from '../token-store-races.ts'
import { type Flaw, itNotices } from '../wrong-store.ts'
import { shareRedis } from './open-tokens.ts'
import { type Commands, reinflateInTwoSteps, removeInTwoSteps } from './wrong-redis-tokens.ts'

describe('the race kit on a real Redis', { skip: skipUnless('redis-server') }, () => {
  const redis = shareRedis()

  function flaw(
    what: string,
    isCaughtBy: string,
    spoil: (redis: Commands) => Partial<TokenStore>,
  ): Flaw<Opened> {
    const open = async (t: TestContext) => {
      const right = await redis.open(t)
      const client = createClient({ url: redis.url() })
      client.on('error', () => {}) // the calls reject
      t.after(() => client.destroy())
      await client.connect()
      return { ...right, store: { ...right.store, ...spoil(client) } }
    }
    return { what, isCaughtBy, open }
  }

  const flaws = [
    flaw(
      'takes by GET and then DEL',
      'gives a single-use token to exactly one of 16 simultaneous takers, 1,000 times',
      (client) => ({ take: removeInTwoSteps(client) }),
    ),
    flaw(
      'takes and revokes by GET and then DEL',
      'lets either a taker or a revocation have a single-use token, never both',
      (client) => ({ take: removeInTwoSteps(client), revoke: removeInTwoSteps(client) }),
    ),
    flaw(
      'reinflates by GET and then SET',
      'never brings a revoked token back by a simultaneous reinflation',
      (client) => ({ reinflate: reinflateInTwoSteps(client), revoke: removeInTwoSteps(client) }),
    ),
    flaw('counts by GET and then SET', 'counts each of 16 simultaneous reinflations', (client) => ({
      reinflate: reinflateInTwoSteps(client),
    })),
  ]

  for (const one of flaws) itNotices(one, raceCases)

  it('has nothing against these stores but the races', async (t) => {
    for (const { open } of flaws) {
      const { store } = await open(t)
      const login = await issue(store)
      const code = await issue(store, { purpose: verifyEmail })

      const [reinflated] = await store.reinflate([login.key], session)
      const taken = await store.take(code.key, verifyEmail)

      assert.deepEqual([reinflated?.id, reinflated?.refreshCount], [login.living.id, 1])
      assert.deepEqual(lasting(taken), lasting(code.living))
      assert.equal(await store.take(code.key, verifyEmail), undefined)
      assert.equal((await store.revoke(login.key, session))?.id, login.living.id)
      assert.equal(await isAlive(store, login), false)
    }
  })
})
