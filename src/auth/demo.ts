/** The user that everybody knows. Exists only where `APP_ENV=demo`; in a store that was a demo's once, production finds it. */
import type { Clock } from '../clock.ts'
import type { Passwords } from '../passwords/passwords.ts'
import type { PasswordHash, UserStore } from '../storage/ports.ts'
import { uuidV7 } from '../uuid-v7.ts'
import { normaliseUsername } from './usernames.ts'

export const demoUser = {
  username: 'demo@example.com',
  password: 'postman',
  name: 'Demo',
  /** Of that password, made beforehand: hashing it would triple the time that a start takes. */
  passwordHash:
    '$scrypt$ln=15,r=8,p=3$HOQ7zJLlyubGkxkroFg+5w$7IMrkZyZYTzmpB0OGoXunfxglsbwmHrVTNgAUAUyp+Q' as PasswordHash,
}

/** Does nothing where there is a user of that name: several auths with one store all do this. */
export async function createDemoUser({
  users,
  clock,
}: {
  readonly users: UserStore
  readonly clock: Pick<Clock, 'now'>
}): Promise<void> {
  const { name, passwordHash } = demoUser
  const username = normaliseUsername(demoUser.username)
  const id = uuidV7(clock.now())
  await users.create({ id, username, name, passwordHash, isDisabled: false })
}

/** Whether there is a user of that name with that password, enabled or not. */
export async function hasDemoUser({
  users,
  passwords,
}: {
  readonly users: UserStore
  readonly passwords: Passwords
}): Promise<boolean> {
  const user = await users.findByUsername(normaliseUsername(demoUser.username))
  if (user === undefined) return false
  return (await passwords.check(demoUser.password, user.passwordHash)).matches
}
