/**
 * What an adapter of a capability works on: the very connections that the core's stores use, so that what belongs
 * together lies in one place and no process opens more of them for each capability.
 */
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

/** Where the accounts are. */
export type AccountBacking = MemoryBacking | PostgresBacking

/** A statement with its values. */
export interface BoundStatement {
  readonly statement: Statement
  readonly values: readonly unknown[]
}

/** Whose migrations lie where. */
export interface MigrationFolder {
  readonly owner: string
  readonly folder: URL
}
