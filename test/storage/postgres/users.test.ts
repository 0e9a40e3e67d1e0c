import { describe } from 'node:test'
import { skipUnless } from '../../kit/installed.ts'
import { userStoreContract } from '../user-store-contract.ts'
import { sharePostgres } from './open-stores.ts'

describe('on one Postgres', { skip: skipUnless('postgres') }, () => {
  userStoreContract('the Postgres user store', sharePostgres().openUsers)
})
