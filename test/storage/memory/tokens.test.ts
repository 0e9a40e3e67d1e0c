import {
  boundedTokenStoreContract,
  exactTokenStoreContract,
  tokenStoreContract,
} from '../token-store-contract.ts'
import { tokenStoreModel } from '../token-store-model.ts'
import { openMemoryTokens } from './open-tokens.ts'

tokenStoreContract('the memory token store', openMemoryTokens)
exactTokenStoreContract('the memory token store', openMemoryTokens)
boundedTokenStoreContract('the memory token store', openMemoryTokens)
tokenStoreModel('the memory token store', openMemoryTokens, { runs: 500 })
