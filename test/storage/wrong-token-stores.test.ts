import { describe } from 'node:test'
import {
  boundedTokenStoreCases,
  exactTokenStoreCases,
  tokenStoreCases,
} from './token-store-contract.ts'
import { itNotices } from './wrong-store.ts'
import { wrongTokenStores } from './wrong-token-stores.ts'

const cases = [...tokenStoreCases, ...exactTokenStoreCases, ...boundedTokenStoreCases]

describe('the contract of the token store', () => {
  for (const flaw of wrongTokenStores) itNotices(flaw, cases)
})
