import { describe } from 'node:test'
import { skipUnless } from '../../kit/installed.ts'
import { twoProcessesContract } from '../two-processes.ts'
import { shareRedis } from './open-tokens.ts'

describe('on one Redis', { skip: skipUnless('redis-server') }, () => {
  const { url } = shareRedis()

  twoProcessesContract('the Redis token store', url)
})
