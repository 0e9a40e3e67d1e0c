import { describe } from 'node:test'
import { itNotices } from '../../storage/wrong-store.ts'
import { eventLogCases } from './event-log-contract.ts'
import { wrongBuriers } from './wrong-buriers.ts'
import { wrongPendings } from './wrong-pendings.ts'
import { wrongTakers } from './wrong-takers.ts'

describe('the contract of the log of events', () => {
  for (const flaw of [...wrongTakers, ...wrongPendings, ...wrongBuriers])
    itNotices(flaw, eventLogCases)
})
