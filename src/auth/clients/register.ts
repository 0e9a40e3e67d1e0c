/** Clients beside the configured one: where they are kept, and how administrators and scripts manage them. */
import { capability } from '../capability.ts'
import { clientRoutes } from './administer-clients.ts'
import { openManagement } from './open-management.ts'

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
  async register(core) {
    const { tokens, purposes, kinds } = core
    const { store, manage } = await openManagement(core)
    const routes = clientRoutes({ manage, tokens, purpose: purposes.session, kinds })
    return { clients: store, routes }
  },
})
