import { describe } from 'node:test'
import { itNotices } from '../../storage/wrong-store.ts'
import { eventLogCases } from './event-log-contract.ts'
import { wrongLogs } from './wrong-logs.ts'

describe('the contract of the log of events', () => {
  for (const flaw of wrongLogs) itNotices(flaw, eventLogCases)
})
