import { describe, it, type TestContext } from 'node:test'
import { skipUnless } from '../../kit/installed.ts'
import { startRedis } from '../../kit/redis.ts'
import { redisUsers } from '../../kit/redis-users.ts'
import { dumpOfRedis, keepsEveryWrite } from '../../kit/store-dumps.ts'
import { openBacking, shareRedis } from '../../storage/redis/open-tokens.ts'
import * as cases from './on-stores.ts'

describe('two auths on one Redis', { skip: skipUnless('redis-server') }, () => {
  const { url } = shareRedis()
  const openStore: cases.OpenStore = async (t) => openAt(t, url())

  it('let one of 16 simultaneous refreshes mint, and give the others its bytes', async (t) => {
    await cases.assertOneOf16Mints(t, openStore)
  })

  it('let one of 16 simultaneous refreshes succeed where there is no window', async (t) => {
    await cases.assertOneOf16Succeeds(t, openStore)
  })

  it('end a family at both for what was presented to one', async (t) => {
    await cases.assertReuseEndsEverywhere(t, openStore)
  })

  it('end the families of a user at both', async (t) => {
    await cases.assertEndOfUserEndsEverywhere(t, openStore)
  })

  it('leave no secret in it, nor in what it writes', async (t) => {
    const users = redisUsers()
    const written = { appendOnly: 'everysec', config: keepsEveryWrite } as const
    const redis = await startRedis(t, { aclLines: users.lines, ...written })
    const place = redis.urlAs('sallyport_auth', users.authPassword)

    await cases.assertNoSecretIsKept(
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
