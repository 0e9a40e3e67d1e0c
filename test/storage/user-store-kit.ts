/** What the cases of the user store's contract share. */
import { randomUUID } from 'node:crypto'
import type { PasswordHash, User, UserStore } from '../../src/storage/ports.ts'
import type { Case } from './contract.ts'

export interface OpenedUsers {
  readonly store: UserStore
}

export type UserStoreCase = Case<OpenedUsers>

/** A hash as far as a store is concerned: any text that starts like one. */
export function passwordHash(text: string): PasswordHash {
  return `$scrypt$${text}` as PasswordHash
}

/** A user with a fresh id and a fresh user name, unless told otherwise. */
export function newUser(fields: Partial<User> = {}): User {
  return {
    id: randomUUID(),
    username: `${randomUUID()}@example.com`,
    name: 'Test User',
    passwordHash: passwordHash('first'),
    isDisabled: false,
    ...fields,
  }
}
