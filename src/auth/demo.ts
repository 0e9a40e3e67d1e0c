/** The user that everybody knows. Exists only where `APP_ENV=demo`. */
import { randomUUID } from 'node:crypto'
import type { PasswordHash, UserStore } from '../storage/ports.ts'
import { normaliseUsername } from './usernames.ts'

export const demoUser = {
  username: 'demo@example.com',
  password: 'postman',
  name: 'Demo',
  /** Of that password, made beforehand: hashing it would triple the time that a start takes. */
  passwordHash:
    '$scrypt$ln=15,r=8,p=3$HOQ7zJLlyubGkxkroFg+5w$7IMrkZyZYTzmpB0OGoXunfxglsbwmHrVTNgAUAUyp+Q' as PasswordHash,
}

export async function createDemoUser(users: UserStore): Promise<void> {
  const { name, passwordHash } = demoUser
  const username = normaliseUsername(demoUser.username)
  await users.create({ id: randomUUID(), username, name, passwordHash, isDisabled: false })
}
