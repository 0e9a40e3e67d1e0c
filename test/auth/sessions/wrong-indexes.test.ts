import { describe } from 'node:test'
import { itNotices } from '../../storage/wrong-store.ts'
import { sessionIndexCases } from './index-contract.ts'
import { wrongIndexes } from './wrong-indexes.ts'

describe('the contract of the session index', () => {
  for (const flaw of wrongIndexes) itNotices(flaw, sessionIndexCases)
})
