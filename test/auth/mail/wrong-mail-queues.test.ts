import { describe } from 'node:test'
import { itNotices } from '../../storage/wrong-store.ts'
import { mailQueueCases } from './mail-queue-contract.ts'
import { wrongMailQueues } from './wrong-mail-queues.ts'

describe('the contract of the outbox', () => {
  for (const flaw of wrongMailQueues) itNotices(flaw, mailQueueCases)
})
