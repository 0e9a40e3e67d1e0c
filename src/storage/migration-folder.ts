/** Whose migrations lie where. */
export interface MigrationFolder {
  readonly owner: string
  readonly folder: URL
}

export interface Migrating {
  readonly name: string
  /** `undefined` where there are none. */
  readonly migrations: URL | undefined
}

export function migrationsOf(capabilities: readonly Migrating[]): readonly MigrationFolder[] {
  return capabilities.flatMap(({ name, migrations }) =>
    migrations === undefined ? [] : [{ owner: name, folder: migrations }],
  )
}
