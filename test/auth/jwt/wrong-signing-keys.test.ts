import { describe } from 'node:test'
import { itNotices } from '../../storage/wrong-store.ts'
import { signingKeysCases } from './signing-keys-contract.ts'
import { wrongSigningKeys } from './wrong-signing-keys.ts'

describe('the contract of signing keys', () => {
  for (const flaw of wrongSigningKeys) itNotices(flaw, signingKeysCases)
})
