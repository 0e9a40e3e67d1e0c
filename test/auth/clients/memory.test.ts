import { openClientStore } from '../../../src/auth/clients/open-client-store.ts'
import { manualClock } from '../../kit/clock.ts'
import { clientStoreContract } from './client-store-contract.ts'
import type { OpenedClients } from './client-store-kit.ts'

clientStoreContract('the memory client store', openMemoryClients)

async function openMemoryClients(): Promise<OpenedClients> {
  const clock = manualClock()
  const store = await openClientStore({ kind: 'memory' }, clock)
  return { store, pass: async (milliseconds) => clock.advance(milliseconds) }
}
