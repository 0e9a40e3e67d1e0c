import { describe } from 'node:test'
import { itNotices } from '../../storage/wrong-store.ts'
import { countersCases } from './counters-contract.ts'
import { wrongCounters } from './wrong-counters.ts'

describe('the contract of attempt counters', () => {
  for (const flaw of wrongCounters) itNotices(flaw, countersCases)
})
