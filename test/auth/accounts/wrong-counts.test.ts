import { describe } from 'node:test'
import { itNotices } from '../../storage/wrong-store.ts'
import { countsCases } from './counts-contract.ts'
import { wrongCounts } from './wrong-counts.ts'

describe('the contract of counts', () => {
  for (const flaw of wrongCounts) itNotices(flaw, countsCases)
})
