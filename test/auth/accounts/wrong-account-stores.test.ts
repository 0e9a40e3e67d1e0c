import { describe } from 'node:test'
import { itNotices } from '../../storage/wrong-store.ts'
import { allAccountCases } from './account-store-contract.ts'
import { wrongAccountStores } from './wrong-account-stores.ts'

describe('the contract of accounts', () => {
  for (const flaw of wrongAccountStores) itNotices(flaw, allAccountCases)
})
