import { describe } from 'node:test'
import { skipUnless } from '../../kit/installed.ts'
import { startCluster } from '../../kit/redis-cluster.ts'
import { redisUsers } from '../../kit/redis-users.ts'
import { share } from '../../kit/shared-servers.ts'
import { tokenStoreContract } from '../token-store-contract.ts'
import { passRealTime } from '../token-store-kit.ts'
import { openStore } from './open-tokens.ts'

describe('on a Cluster of three', { skip: skipUnless('redis-server') }, () => {
  const users = redisUsers()
  const cluster = share((context) => startCluster(context, 3, { aclLines: users.lines }))

  tokenStoreContract('the Redis token store', async (t) => {
    for (const node of cluster().nodes) await node.cli('FLUSHALL')
    const store = openStore(t, cluster().urlAs('sallyport_auth', users.authPassword))
    return { store, pass: passRealTime }
  })
})
