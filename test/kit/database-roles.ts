/** The roles and the database, made by the script that deployment runs: who may connect, and as whom. */
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { makeFolder } from './daemon.ts'
import { pathOf } from './installed.ts'
import type { PostgresServer } from './postgres.ts'
import { root } from './root.ts'

export const databaseName = 'sallyport'

/** Each by what it is for. */
export type Role = 'owner' | 'auth' | 'business'
export type RolePasswords = Readonly<Record<Role, string>>

const script = join(root, 'deploy/postgres/roles.sh')

/** Creates the three roles with random passwords, and the database, owned by the owner. */
export async function createRoles(postgres: PostgresServer): Promise<RolePasswords> {
  const passwordOf = () => randomBytes(24).toString('base64url')
  const passwords = { owner: passwordOf(), auth: passwordOf(), business: passwordOf() }
  const folder = makeFolder('passwords')
  const fileOf = (role: Role) => {
    const file = join(folder, role)
    writeFileSync(file, passwords[role])
    return file
  }
  const env = {
    PATH: [dirname(pathOf('psql')), process.env.PATH].join(delimiter),
    PGHOST: postgres.socketFolder,
    PGPORT: String(postgres.port),
    PGUSER: 'postgres',
    OWNER_PASSWORD_FILE: fileOf('owner'),
    AUTH_PASSWORD_FILE: fileOf('auth'),
    BUSINESS_PASSWORD_FILE: fileOf('business'),
  }
  await promisify(execFile)('bash', [script], { env })
  rmSync(folder, { recursive: true, force: true })
  return passwords
}
