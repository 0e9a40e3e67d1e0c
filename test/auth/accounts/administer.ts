/** Administrators, as other capabilities know them: users whose role has that scope. */
import assert from 'node:assert/strict'
import type { Accounts, Act } from '../../../src/auth/account-port.ts'
import type { Core } from '../../../src/auth/capability.ts'
import { password } from './accounts-kit.ts'

export interface Administering {
  readonly accounts: Accounts
  /** Of an administrator who was made for that. */
  readonly act: Act
}

export async function administer(core: Core): Promise<Administering> {
  const accounts = core.accounts() as Accounts // it is the capability that is started
  const by = await makeAdministrator(accounts, 'root@example.com')
  return { accounts, act: { by, made: () => {} } }
}

/** Answers who that is. */
export async function makeAdministrator(accounts: Accounts, username: string): Promise<string> {
  return await accounts.ensure({ username, name: 'Root', password, roles: ['root'] })
}

/** Of two administrators who take from each other what makes them one, at the same moment. */
export async function assertOneIsLeft(accounts: Accounts): Promise<void> {
  const first = await makeAdministrator(accounts, 'first@example.com')
  const second = await makeAdministrator(accounts, 'second@example.com')
  const made = () => {}
  const disable = (id: string, by: string) => accounts.setDisabled(id, true, { by, made })
  const demote = (id: string, by: string) => accounts.setRoles(id, [], { by, made })

  for (let round = 0; round < 16; round++) {
    const take = round % 2 === 0 ? disable : demote

    const outcomes = await Promise.allSettled([take(first, second), take(second, first)])

    const [left, lost] = outcomes[0].status === 'rejected' ? [first, second] : [second, first]
    assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
    await accounts.setRoles(lost, ['root'], { by: left, made })
    await accounts.setDisabled(lost, false, { by: left, made })
  }
}
