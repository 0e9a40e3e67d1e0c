import { describe, type TestContext } from 'node:test'
import type { TokenStore } from '../../../src/storage/ports.ts'
import { skipUnless } from '../../kit/installed.ts'
import { startCluster } from '../../kit/redis-cluster.ts'
import { redisUsers } from '../../kit/redis-users.ts'
import { share } from '../../kit/shared-servers.ts'
import { tokenStoreContract } from '../token-store-contract.ts'
import { type Opened, passRealTime } from '../token-store-kit.ts'
import { tokenStoreModel } from '../token-store-model.ts'
import { openStore } from './open-tokens.ts'

describe('on a Cluster of three', { skip: skipUnless('redis-server') }, () => {
  const users = redisUsers()
  const cluster = share((context) => startCluster(context, 3, { aclLines: users.lines }))

  /** A property test opens many times in one test: its runs share the connections. */
  const storesByTest = new WeakMap<TestContext, TokenStore>()

  async function open(t: TestContext): Promise<Opened> {
    for (const node of cluster().nodes) await node.cli('FLUSHALL')
    const url = cluster().urlAs('sallyport_auth', users.authPassword)
    const store = storesByTest.get(t) ?? openStore(t, url)
    storesByTest.set(t, store)
    return { store, pass: passRealTime }
  }

  tokenStoreContract('the Redis token store', open)
  tokenStoreModel('the Redis token store', open, { runs: 50 })
})
