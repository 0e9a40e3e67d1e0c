import { describe, it, type TestContext } from 'node:test'
import { skipUnless } from '../../kit/installed.ts'
import { startRedis } from '../../kit/redis.ts'
import { redisUsers } from '../../kit/redis-users.ts'
import { dumpOfRedis, keepsEveryWrite } from '../../kit/store-dumps.ts'
import { openBacking, shareRedis } from '../../storage/redis/open-tokens.ts'
import { assertNoSecretIsKept, type OpenStore, twoAuthsContract } from './on-stores.ts'

describe('two auths on one Redis', { skip: skipUnless('redis-server') }, () => {
  const { url } = shareRedis()
  const openStore: OpenStore = async (t) => openAt(t, url())

  twoAuthsContract(openStore)

  it('leave no secret in it, nor in what it writes', async (t) => {
    const users = redisUsers()
    const written = { appendOnly: 'everysec', config: keepsEveryWrite } as const
    const redis = await startRedis(t, { aclLines: users.lines, ...written })
    const place = redis.urlAs('sallyport_auth', users.authPassword)

    await assertNoSecretIsKept(
      t,
      async () => openAt(t, place),
      () => dumpOfRedis(redis),
    )
  })
})

function openAt(t: TestContext, url: string) {
  const { tokens, backing } = openBacking(t, url)
  return { tokens, tokenBacking: backing }
}
