/** Two auths whose tokens are in one Redis. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { skipUnless } from '../../kit/installed.ts'
import { openBacking } from '../../storage/redis/open-tokens.ts'
import { startOwnRedis } from '../../storage/redis/own-redis.ts'
import { ann, assertRefused, password, startAccounts } from './accounts-kit.ts'

const { username } = ann
const paths = ['/register', '/password-reset'] as const

async function startTwo(t: TestContext) {
  const { redis, url } = await startOwnRedis(t)
  const start = async () => {
    const { tokens, backing: tokenBacking } = openBacking(t, url)
    const environment = { REGISTRATION: 'verified' }
    return await startAccounts(t, { tokens, tokenBacking, environment })
  }
  return { one: await start(), other: await start(), redis }
}

describe('two auths on one Redis', { skip: skipUnless('redis-server') }, () => {
  for (const path of paths)
    it(`mail an address five times an hour together, for ${path}`, async (t) => {
      const { one, other } = await startTwo(t)

      const answers = await Promise.all(
        [one, other].flatMap(({ call }) =>
          Array.from({ length: 4 }, () => call('POST', path, { json: { username } })),
        ),
      )

      assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([202]))
      assert.equal(one.mails.length + other.mails.length, 5)
    })

  it('mail nobody while Redis is down, and say 503', async (t) => {
    const { one, redis } = await startTwo(t)
    await redis.kill()

    for (const path of paths) {
      const answer = await one.call('POST', path, { json: { username } })
      assertRefused(answer, 503, 'temporarily_unavailable')
    }

    assert.deepEqual(one.mails, [])
  })

  it('change passwords while Redis is full, and mail nobody', async (t) => {
    const { one, redis } = await startTwo(t)
    await one.core.accounts()?.ensure({ ...ann, roles: [] })
    const token = await one.logIn()
    await redis.cli('CONFIG', 'SET', 'maxmemory', '1')

    const mail = await one.call('POST', '/password-reset', { json: { username } })
    const change = (shown: string) =>
      one.call('POST', '/me/password', {
        token,
        json: { current_password: shown, new_password: 'another long password' },
      })
    const wrong = await change('wrong')
    const right = await change(password)

    assertRefused(mail, 503, 'temporarily_unavailable')
    assertRefused(wrong, 401, 'invalid_credentials')
    assert.equal(right.status, 204)
  })

  it('leave in Redis neither the addresses that were typed nor where they came from', async (t) => {
    const { one, redis } = await startTwo(t)

    for (const path of paths) await one.call('POST', path, { json: { username } })

    const keys = (await redis.cli('KEYS', '*:accounts:*')).trim().split('\n')
    const values = await Promise.all(keys.map((key) => redis.cli('GET', key)))
    assert.equal(keys.length, 10)
    const dump = [...keys, ...values].join()
    for (const secret of [username, 'example', '127.0.0.1'])
      assert.ok(!dump.includes(secret), secret)
  })
})
