/**
 * Where the clients are kept that are not configured. Whatever decides is one step. The contract in `test/auth/clients/`
 * holds for every adapter.
 */
import type { Clients } from '../clients.ts'
import type { ClientFields } from './client-fields.ts'

export interface NewClient extends ClientFields {
  /** SHA-256. */
  readonly secretHash: Buffer
}

/** What may be seen of a client. */
export interface ClientView extends ClientFields {
  readonly isDisabled: boolean
  /** 1, or 2 while one secret replaces the other. */
  readonly secretCount: number
  /** Epoch milliseconds of the store's clock. */
  readonly createdAt: number
  /** When it was last created, enabled, disabled or given or deprived of a secret. */
  readonly updatedAt: number
}

/** An id may be any text, but that of a new client. `find` answers with a copy, and is the only one to pass over who is disabled. */
export interface ClientStore extends Clients {
  /** Files a copy, enabled. `false`, and nothing filed, where the id is taken: of simultaneous creators one succeeds. */
  create(client: NewClient): Promise<boolean>
  /** Copies, in the order of their ids, byte by byte, of at most `limit` whose ids come after `after`. */
  list(page: {
    readonly after: string | undefined
    readonly limit: number
  }): Promise<readonly ClientView[]>
  /** `false` where there is no such client. */
  setDisabled(id: string, isDisabled: boolean): Promise<boolean>
  /** Gives it a new secret. The one before stays good, and no other. `false` where there is no such client. */
  rotateSecret(id: string, secretHash: Buffer): Promise<boolean>
  /** Leaves it its newest secret alone. `false` where there is no such client. */
  dropOldSecret(id: string): Promise<boolean>
}
