/** How a client store with one flaw is made of a right one. */
import type { ClientStore } from '../../../src/auth/clients/client-store.ts'
import { memoryClientStore } from '../../../src/auth/clients/memory.ts'
import { manualClock } from '../../kit/clock.ts'
import type { Flaw } from '../../storage/wrong-store.ts'
import type { OpenedClients } from './client-store-kit.ts'

export type ClientStoreFlaw = Flaw<OpenedClients>
type Spoil = (right: ClientStore) => Partial<ClientStore>

export function flaw(what: string, isCaughtBy: string, spoil: Spoil): ClientStoreFlaw {
  const open = async () => {
    const clock = manualClock()
    const right = memoryClientStore(clock)
    const pass = async (milliseconds: number) => clock.advance(milliseconds)
    return { store: { ...right, ...spoil(right) }, pass }
  }
  return { what, isCaughtBy, open }
}

/** Whatever lets others go first. */
export const letOthersGo = () => new Promise((resolve) => setImmediate(resolve))
