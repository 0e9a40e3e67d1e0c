import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { redisSessionIndex } from '../../../src/auth/sessions/redis.ts'
import { subjectTagOf } from '../../../src/storage/ports.ts'
import { skipUnless } from '../../kit/installed.ts'
import { assertUnavailable } from '../../storage/contract.ts'
import { openBacking, shareRedis } from '../../storage/redis/open-tokens.ts'
import { sessionIndexContract } from './index-contract.ts'
import { lifeSeconds, newSession } from './index-kit.ts'
import { sessionLimitContract } from './limit-contract.ts'
import { sessionsOverHttp } from './over-http.ts'

describe('on one Redis', { skip: skipUnless('redis-server') }, () => {
  const redis = shareRedis()

  async function open(t: TestContext) {
    await redis.server().cli('FLUSHALL')
    const { tokens, backing } = openBacking(t, redis.url())
    const { runner } = backing
    const indexFor = (seconds: number) => redisSessionIndex({ runner, lifeSeconds: seconds })
    return { index: indexFor(lifeSeconds), indexFor, tokens, tokenBacking: backing }
  }

  sessionIndexContract('the session index in Redis', open)
  sessionLimitContract('sessions in Redis', open)
  sessionsOverHttp(async (t) => {
    const { tokens, tokenBacking } = await open(t)
    return { tokens, tokenBacking }
  })

  it('keeps a user under one key with his tag, until his last session must be dead', async (t) => {
    const { index, indexFor } = await open(t)
    const [first, second] = [newSession(), newSession()]
    await index.add('user', first)
    await indexFor(60).add('user', second)

    await index.remove('user', [first.id])

    const key = `sallyport:auth:{${subjectTagOf('user')}}:sessions:index`
    assert.equal((await redis.server().cli('KEYS', '*')).trim(), key)
    const left = Number(await redis.server().cli('PTTL', key))
    assert.ok(left > lifeSeconds * 1000 - 60_000 && left <= lifeSeconds * 1000, String(left))
  })

  it('keeps no key of a user who has no session', async (t) => {
    const { index } = await open(t)
    const session = newSession()
    await index.add('user', session)

    await index.remove('user', [session.id])

    assert.equal((await redis.server().cli('KEYS', '*')).trim(), '')
  })

  it('refuses everything when the store is closed', async (t) => {
    const { index, tokens } = await open(t)

    await tokens.close()

    await assertUnavailable(index.add('user', newSession()))
    await assertUnavailable(index.list('user'))
    await assertUnavailable(index.remove('user', []))
  })
})
