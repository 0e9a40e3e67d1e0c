/**
 * What an adapter of a capability works on: the very connections that the core's stores use, so that what belongs
 * together lies in one place and no process opens more of them for each capability.
 */
import type { User } from './ports.ts'
import type { Database } from './postgres/database.ts'
import type { Statement } from './postgres/statements.ts'
import type { ScriptRunner } from './redis/runner.ts'

export interface MemoryBacking {
  readonly kind: 'memory'
}

export interface RedisBacking {
  readonly kind: 'redis'
  readonly runner: ScriptRunner
  /** For what must not be undone: it may wait for replicas. */
  readonly durableRunner: ScriptRunner
  readonly isCluster: boolean
}

export interface PostgresBacking {
  readonly kind: 'postgres'
  readonly database: Database
}

/** Where the tokens are. */
export type TokenBacking = MemoryBacking | RedisBacking | PostgresBacking

/** The users of one process. Nothing in it waits, so what a caller does to it without waiting is one step. */
export interface UserTable {
  /** A copy. */
  findById(id: string): User | undefined
  /** A copy. `username` must be normalised. */
  findByUsername(username: string): User | undefined
  /** Files a copy in the place of the user of that id. `false`, and nothing done, where the user name is another's. */
  put(user: User): boolean
  remove(id: string): void
  ids(): readonly string[]
}

export interface MemoryAccountBacking extends MemoryBacking {
  /** Those of the user store. */
  readonly users: UserTable
}

/** Where the accounts are. */
export type AccountBacking = MemoryAccountBacking | PostgresBacking

/** Where business's own data is. */
export type ContentBacking = MemoryBacking | PostgresBacking

/** Where business keeps what is to be worked off. */
export type EventBacking = MemoryBacking | Pick<RedisBacking, 'kind' | 'runner'>

/** A statement with its values. */
export interface BoundStatement {
  readonly statement: Statement
  readonly values: readonly unknown[]
}
