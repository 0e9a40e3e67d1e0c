import type { Clock } from '../../clock.ts'
import type { MemoryBacking, PostgresBacking } from '../../storage/backing.ts'
import type { ClientStore } from './client-store.ts'

/** Beside the accounts. An adapter is loaded only where it is asked for. */
export async function openClientStore(
  backing: MemoryBacking | PostgresBacking,
  clock: Pick<Clock, 'now'>,
): Promise<ClientStore> {
  if (backing.kind === 'memory') {
    const { memoryClientStore } = await import('./memory.ts')
    return memoryClientStore(clock)
  }
  const { postgresClientStore } = await import('./postgres.ts')
  return postgresClientStore(backing)
}
