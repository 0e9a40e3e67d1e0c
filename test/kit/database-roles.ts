/** The roles and the database as deployment makes them: who may connect, and as whom. */
import { randomBytes } from 'node:crypto'
import type { PostgresServer } from './postgres.ts'

export const databaseName = 'sallyport'

/** Each by what it is for. */
export type Role = 'owner' | 'auth' | 'business'
export type RolePasswords = Readonly<Record<Role, string>>

/** Creates the three roles with random passwords, and the database, owned by the owner. */
export async function createRoles(postgres: PostgresServer): Promise<RolePasswords> {
  const passwordOf = () => randomBytes(24).toString('base64url')
  const passwords = { owner: passwordOf(), auth: passwordOf(), business: passwordOf() }
  await postgres.psql(`
    create role sallyport_owner login password '${passwords.owner}';
    create role sallyport_auth login password '${passwords.auth}';
    create role sallyport_business login password '${passwords.business}';
    create database ${databaseName} owner sallyport_owner;
    revoke all on database ${databaseName} from public;
    grant connect on database ${databaseName} to sallyport_auth, sallyport_business;
    \\connect ${databaseName}
    revoke all on schema public from public`)
  return passwords
}
