import type { Purpose } from '../../storage/ports.ts'
import type { Core } from '../capability.ts'
import { subjectOf } from '../clients.ts'
import type { ClientStore } from './client-store.ts'
import { type ManageClients, manageClients } from './manage-clients.ts'
import { openClientStore } from './open-client-store.ts'

type Parts = Pick<Core, 'accountBacking' | 'clients' | 'purposes' | 'clock' | 'report'> & {
  readonly tokens: {
    revokeSubject(sub: string, purposes: readonly Purpose[]): Promise<unknown>
  }
}

/** From what the core has opened to its clients, and to what can be done with them. */
export async function openManagement({
  accountBacking,
  clients,
  tokens,
  purposes,
  clock,
  report,
}: Parts): Promise<{ readonly store: ClientStore; readonly manage: ManageClients }> {
  const store = await openClientStore(accountBacking, clock)
  const endTokens = (client: { readonly id: string }) =>
    tokens.revokeSubject(subjectOf(client), [purposes.service])
  return { store, manage: manageClients({ store, clients, endTokens, report }) }
}
