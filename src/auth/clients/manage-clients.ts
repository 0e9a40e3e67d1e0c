/** What can be done with clients, over HTTP and by the scripts. A secret is told once, to whoever asked for it. */
import { Refusal } from '../../http/refusal.ts'
import { type Clients, subjectOf } from '../clients.ts'
import type { Report, SecurityEvent } from '../security-events.ts'
import { type ClientFields, problemsOf } from './client-fields.ts'
import { type ClientSecret, mintSecret } from './client-secret.ts'
import type { ClientStore } from './client-store.ts'

/** Each refuses with `not_found` where there is no such client. What changed something is reported. */
export interface ClientManagement {
  /** Refuses with `invalid_request` what no client can be, and with `conflict` an id that is taken. */
  create(client: ClientFields): Promise<ClientSecret>
  list: ClientStore['list']
  /** A client that is disabled has lost its tokens when this resolves. Where it rejects, nobody knows: it may be repeated. */
  setDisabled(id: string, isDisabled: boolean): Promise<void>
  /** The secret before this one stays good until it is dropped, or until the next rotation. */
  rotateSecret(id: string): Promise<ClientSecret>
  dropOldSecret(id: string): Promise<void>
}

/** Who asks for it, as it is reported. */
export type Asker = Pick<SecurityEvent, 'requestId' | 'source' | 'actor'>

export interface ClientManagementDependencies {
  readonly store: ClientStore
  /** Whose ids are taken, too. */
  readonly clients: Clients
  /** Ends all service tokens that the client has. */
  readonly endTokens: (client: { readonly id: string }) => Promise<unknown>
  readonly report: Report
}

export type ManageClients = (asker: Asker) => ClientManagement

export function manageClients({
  store,
  clients,
  endTokens,
  report,
}: ClientManagementDependencies): ManageClients {
  return (asker) => {
    const tell = (type: string, id: string, more: Pick<SecurityEvent, 'details'> = {}) =>
      report({ type, ...asker, sub: subjectOf({ id }), ...more })

    return {
      async create(client) {
        const problems = problemsOf(client)
        if (problems.length > 0) throw new Refusal('invalid_request', problems.join(' '))
        const { id, scopes } = client
        const { secret, secretHash } = mintSecret()
        const isTaken = (await clients.find(id)) !== undefined
        if (isTaken || !(await store.create({ ...client, secretHash }))) {
          throw new Refusal('conflict', 'The id is that of another client, here or configured.')
        }
        tell('client_created', id, { details: { scope: scopes.join(' ') } })
        return secret
      },
      list: (page) => store.list(page),
      // In this order: `/token` reads the mark before it finds the client for the last time.
      async setDisabled(id, isDisabled) {
        checkFound(await store.setDisabled(id, isDisabled))
        tell(isDisabled ? 'client_disabled' : 'client_enabled', id)
        if (isDisabled) await endTokens({ id })
      },
      async rotateSecret(id) {
        const { secret, secretHash } = mintSecret()
        checkFound(await store.rotateSecret(id, secretHash))
        tell('client_secret_rotated', id)
        return secret
      },
      async dropOldSecret(id) {
        checkFound(await store.dropOldSecret(id))
        tell('client_old_secret_dropped', id)
      },
    }
  }
}

function checkFound(isFound: boolean): void {
  if (!isFound) throw new Refusal('not_found', 'There is no such client.')
}
