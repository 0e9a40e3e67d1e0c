import { describe } from 'node:test'
import { skipUnless } from '../../kit/installed.ts'
import { briefTokenStoreModel } from '../token-store-brief-model.ts'
import { tokenStoreContract } from '../token-store-contract.ts'
import { tokenStoreModel } from '../token-store-model.ts'
import { sharePostgres } from './open-stores.ts'

describe('on one Postgres', { skip: skipUnless('postgres') }, () => {
  const { open } = sharePostgres()

  tokenStoreContract('the Postgres token store', open)
  tokenStoreModel('the Postgres token store', open, { runs: 50 })
  briefTokenStoreModel('the Postgres token store', open)
})
