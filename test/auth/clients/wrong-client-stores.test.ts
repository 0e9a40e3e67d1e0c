import { describe } from 'node:test'
import { itNotices } from '../../storage/wrong-store.ts'
import { clientStoreCases } from './client-store-contract.ts'
import { wrongClientStores } from './wrong-client-stores.ts'

describe('the contract of the client store', () => {
  for (const flaw of wrongClientStores) itNotices(flaw, clientStoreCases)
})
