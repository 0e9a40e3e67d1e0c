import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { redisFamilies } from '../../../src/auth/jwt/families-redis.ts'
import { skipUnless } from '../../kit/installed.ts'
import { openBacking, shareRedis } from '../../storage/redis/open-tokens.ts'
import { passRealTime } from '../../storage/token-store-kit.ts'
import { familiesContract } from './families-contract.ts'
import { briefLimits, limits, type OpenedFamilies, openFamily, rotateOn } from './families-kit.ts'

describe('on one Redis', { skip: skipUnless('redis-server') }, () => {
  const { server, url } = shareRedis()

  async function open(t: TestContext): Promise<OpenedFamilies> {
    await server().cli('FLUSHALL')
    const { tokens, backing } = openBacking(t, url())
    const families = redisFamilies({ ...backing, ...limits })
    const brief = redisFamilies({ ...backing, ...briefLimits })
    return { families, brief, tokens, pass: passRealTime }
  }

  familiesContract('refresh families in Redis', open)

  describe('the life of refresh families in Redis', () => {
    it('leaves no answer when its window is closed, by itself', async (t) => {
      const { families } = await open(t)
      const family = await openFamily(families)
      await rotateOn(families, family, family.tokenHash, { retrySeconds: 1 })
      const [key] = await keysLike('*:answer')
      assert.ok(key !== undefined)

      const left = Number(await server().cli('PTTL', key))

      assert.ok(left > 0 && left <= 1_000, String(left))
    })

    it('tells of a family from before sources were filed that its source is unknown', async (t) => {
      const { families } = await open(t)
      const family = await openFamily(families, { source: '192.0.2.7' })
      const [key = ''] = await keysLike(`*:family:${family.place.id}`)
      const filed = (await server().cli('GET', key)).trim()
      await server().cli('SET', key, filed.replace(',"192.0.2.7"', ''), 'KEEPTTL')

      await rotateOn(families, family, family.tokenHash)

      const [found] = await families.peek([family.place])
      assert.equal(found?.source, 'unknown')
      assert.equal(found?.clientId, family.clientId)
    })

    it('lists a family to its end, though one with a shorter life began later', async (t) => {
      const { families, brief, pass } = await open(t)
      const family = await openFamily(families)
      await openFamily(brief, { sub: family.sub })

      await pass(1_050)

      const listed = await families.list(family.place.subjectTag)
      assert.deepEqual(
        listed.map(({ id }) => id),
        [family.place.id],
      )
    })

    it('leaves no key without an end', async (t) => {
      const { families } = await open(t)
      const family = await openFamily(families)
      await rotateOn(families, family, family.tokenHash)

      const keys = await keysLike('*')

      const lives = await Promise.all(keys.map((key) => server().cli('PTTL', key)))
      assert.equal(keys.length, 3)
      for (const life of lives) assert.ok(Number(life) > 0)
    })
  })

  async function keysLike(pattern: string): Promise<string[]> {
    return (await server().cli('KEYS', pattern)).split('\n').filter((key) => key !== '')
  }
})
