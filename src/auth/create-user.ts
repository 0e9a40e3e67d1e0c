/** Makes a user. The password is only asked for once the names are good, and is never repeated. */
import type { Clock } from '../clock.ts'
import type { Passwords } from '../passwords/passwords.ts'
import type { UserStore } from '../storage/ports.ts'
import { uuidV7 } from '../uuid-v7.ts'
import { maxUsernameLength, normaliseUsername } from './usernames.ts'

export interface NewUser {
  readonly username: string
  /** What others see. */
  readonly name: string
}

/** The id of the user that was made, or all that is in the way, a sentence each. */
export type Creation = { readonly id: string } | { readonly problems: readonly string[] }

export interface CreateUserDependencies {
  readonly users: UserStore
  readonly passwords: Pick<Passwords, 'hash'>
  readonly readPassword: () => Promise<string>
  /** In characters. */
  readonly minPasswordLength: number
  readonly clock: Pick<Clock, 'now'>
}

export async function createUser(
  dependencies: CreateUserDependencies,
  { username, name }: NewUser,
): Promise<Creation> {
  const { users, passwords, readPassword, minPasswordLength, clock } = dependencies
  const nameProblems = [...checkUsername(username), ...checkName(name)]
  if (nameProblems.length > 0) return { problems: nameProblems }
  const password = await readPassword()
  const passwordProblems = checkPassword(password, minPasswordLength)
  if (passwordProblems.length > 0) return { problems: passwordProblems }
  const user = {
    id: uuidV7(clock.now()),
    username: normaliseUsername(username),
    name,
    passwordHash: await passwords.hash(password),
    isDisabled: false,
  }
  if (await users.create(user)) return { id: user.id }
  return { problems: ['The user name is taken.'] }
}

/** What the login would never take, and what no column of text can hold. */
function checkUsername(username: string): string[] {
  const isGood =
    username !== '' &&
    username.length <= maxUsernameLength &&
    username.isWellFormed() &&
    !username.includes('\0')
  return isGood ? [] : [`The user name must have 1 to ${maxUsernameLength} characters.`]
}

/** What is in the way of a name that others can see, a sentence each. */
export function checkName(name: string): string[] {
  const length = Array.from(name).length
  const isGood = name.trim() !== '' && length <= 200 && name.isWellFormed() && !/\p{Cc}/u.test(name)
  return isGood ? [] : ['The name must have 1 to 200 characters, and none that control a terminal.']
}

/** Its length is counted as the login counts it: in characters after NFC. */
function checkPassword(password: string, minLength: number): string[] {
  const length = Array.from(password.normalize('NFC')).length
  const isGood =
    length >= minLength && length <= 256 && password.isWellFormed() && !password.includes('\0')
  return isGood ? [] : [`The password must have ${minLength} to 256 characters.`]
}
