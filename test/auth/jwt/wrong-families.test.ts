import { describe } from 'node:test'
import { itNotices } from '../../storage/wrong-store.ts'
import { familiesCases, sweptFamiliesCases } from './families-contract.ts'
import { exactFamiliesCases } from './families-memory-kit.ts'
import { wrongFamilies } from './wrong-families.ts'

describe('the contract of refresh families', () => {
  const cases = [...familiesCases, ...sweptFamiliesCases, ...exactFamiliesCases]
  for (const flaw of wrongFamilies) itNotices(flaw, cases)
})
