import { describe } from 'node:test'
import { userStoreCases } from './user-store-contract.ts'
import { itNotices } from './wrong-store.ts'
import { wrongUserStores } from './wrong-user-stores.ts'

describe('the contract of the user store', () => {
  for (const flaw of wrongUserStores) itNotices(flaw, userStoreCases)
})
