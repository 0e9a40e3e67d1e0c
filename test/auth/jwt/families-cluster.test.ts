import { describe, type TestContext } from 'node:test'
import { redisFamilies } from '../../../src/auth/jwt/families-redis.ts'
import { skipUnless } from '../../kit/installed.ts'
import { startCluster } from '../../kit/redis-cluster.ts'
import { redisUsers } from '../../kit/redis-users.ts'
import { share } from '../../kit/shared-servers.ts'
import { openBacking } from '../../storage/redis/open-tokens.ts'
import { passRealTime } from '../../storage/token-store-kit.ts'
import { familiesContract } from './families-contract.ts'
import { briefLimits, limits, type OpenedFamilies } from './families-kit.ts'

describe('on a Cluster of three', { skip: skipUnless('redis-server') }, () => {
  const users = redisUsers()
  const cluster = share((context) => startCluster(context, 3, { aclLines: users.lines }))

  async function open(t: TestContext): Promise<OpenedFamilies> {
    for (const node of cluster().nodes) await node.cli('FLUSHALL')
    const url = cluster().urlAs('sallyport_auth', users.authPassword)
    const { tokens, backing } = openBacking(t, url)
    const families = redisFamilies({ ...backing, ...limits })
    const brief = redisFamilies({ ...backing, ...briefLimits })
    return { families, brief, tokens, pass: passRealTime }
  }

  familiesContract('refresh families in Redis', open)
})
