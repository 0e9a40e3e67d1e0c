/** Makes a user in the account store: `--username a@example.com --name 'A Name'`. Prints the id. */
import { parseArgs } from 'node:util'
import { systemClock } from '../clock.ts'
import { Refusal } from '../http/refusal.ts'
import { createLog } from '../log.ts'
import { createPasswords } from '../passwords/passwords.ts'
import { deriveByScrypt, recommendedParameters } from '../passwords/phc.ts'
import { createQueue } from '../passwords/queue.ts'
import { readConfigOrExit, reasonOf } from '../run.ts'
import { openUserStore } from '../storage/open.ts'
import { createUser, type NewUser } from './create-user.ts'
import { obtainPassword } from './prompt-password.ts'

const newUser = readArguments()
const config = readConfigOrExit(process.env, ['createUser'])
const log = createLog({
  server: 'createUser',
  level: config.logLevel,
  isReadable: process.stderr.isTTY,
  write: (line) => process.stderr.write(line),
  now: systemClock.now,
})
const passwords = createPasswords({
  parameters: recommendedParameters,
  queue: createQueue({ concurrency: 1, maxWaiting: 0 }),
  deriveKey: deriveByScrypt,
})
try {
  await create()
} catch (error) {
  complain(`No user was made: ${error instanceof Refusal ? error.message : reasonOf(error)}`)
}

async function create(): Promise<void> {
  const { users } = await openUserStore({ url: config.stores.accounts, clock: systemClock, log })
  try {
    const created = await createUser({ users, passwords, readPassword }, newUser)
    if ('id' in created) process.stdout.write(`${created.id}\n`)
    else complain(...created.problems)
  } finally {
    await users.close()
  }
}

function readPassword(): Promise<string> {
  return obtainPassword(config.newUserPassword, 'NEW_USER_PASSWORD')
}

/** Nothing of a wrong argument is repeated: it may be a password in the wrong place. */
function readArguments(): NewUser {
  const options = { username: { type: 'string' }, name: { type: 'string' } } as const
  try {
    const { username, name } = parseArgs({ options }).values
    if (username !== undefined && name !== undefined) return { username, name }
  } catch {}
  process.stderr.write("Usage: createUser --username a@example.com --name 'A Name'\n")
  process.exit(1)
}

function complain(...sentences: readonly string[]): void {
  for (const sentence of sentences) process.stderr.write(`${sentence}\n`)
  process.exitCode = 1
}
