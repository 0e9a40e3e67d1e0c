import { describe } from 'node:test'
import { skipUnless } from '../../kit/installed.ts'
import { briefTokenStoreModel } from '../token-store-brief-model.ts'
import { tokenStoreContract } from '../token-store-contract.ts'
import { tokenStoreModel } from '../token-store-model.ts'
import { shareRedis } from './open-tokens.ts'

describe('on one Redis', { skip: skipUnless('redis-server') }, () => {
  const { open } = shareRedis()

  tokenStoreContract('the Redis token store', open)
  tokenStoreModel('the Redis token store', open, { runs: 50 })
  briefTokenStoreModel('the Redis token store', open)
})
