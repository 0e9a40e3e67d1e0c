import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { skipUnless } from '../../kit/installed.ts'
import { issue, service, session } from '../token-store-kit.ts'
import { shareRedis } from './open-tokens.ts'

describe('A census of tokens in Redis', { skip: skipUnless('redis-server') }, () => {
  const redis = shareRedis()

  it('is exact where they are few, and says so', async (t) => {
    const { store } = await redis.open(t)
    await issue(store)
    await issue(store)

    const { counts, isSampled } = await store.census()

    assert.deepEqual([{ ...counts }, isSampled], [{ session: 2 }, false])
  })

  it('is inferred from a part of them where they are many, and says so', async (t) => {
    const { store } = await redis.open(t)
    for (let issued = 0; issued < 8_000; issued += 400) {
      const sessions = Array.from({ length: 300 }, () => issue(store, { purpose: session }))
      const services = Array.from({ length: 100 }, () => issue(store, { purpose: service }))
      await Promise.all([...sessions, ...services])
    }

    const { counts, isSampled } = await store.census()

    assert.equal(isSampled, true)
    assert.ok(Math.abs((counts.session ?? 0) - 6_000) < 1_000, `${counts.session} sessions`)
    assert.ok(Math.abs((counts.service ?? 0) - 2_000) < 1_000, `${counts.service} service tokens`)
  })
})
