/** Clients beside the configured one: where they are kept, and how administrators and scripts manage them. */
import { capability } from '../capability.ts'
import { subjectOf } from '../clients.ts'
import { clientRoutes } from './administer-clients.ts'
import { manageClients } from './manage-clients.ts'
import { openClientStore } from './open-client-store.ts'

/** The program that is started by hand. */
export const manageClientProgram = 'manageClient'

export const clients = capability({
  name: 'clients',
  migrations: new URL('migrations/', import.meta.url),
  check({ core, programs }, problems) {
    if (programs.includes(manageClientProgram) && core.ACCOUNT_STORE?.kind === 'memory') {
      const sentence =
        'ACCOUNT_STORE must not be memory: here, where no client would outlive this program.'
      problems.add(sentence, 'ACCOUNT_STORE')
    }
  },
  async register({ tokens, purposes, accountBacking, clients, clock, report }) {
    const store = await openClientStore(accountBacking, clock)
    const management = manageClients({
      store,
      clients,
      endTokens: (client) => tokens.revokeSubject(subjectOf(client), [purposes.service]),
    })
    const routes = clientRoutes({ management, tokens, purpose: purposes.session, report })
    return { clients: store, routes }
  },
})
