/** Makes a user in the account store: `--username a@example.com --name 'A Name'`. Prints the id. */
import { createPasswords } from '../passwords/passwords.ts'
import { deriveByScrypt, recommendedParameters } from '../passwords/phc.ts'
import { createQueue } from '../passwords/queue.ts'
import { complain, runScript } from '../script.ts'
import { openUserStore } from '../storage/open.ts'
import { createUser } from './create-user.ts'
import { readNewUserOrExit } from './main-arguments.ts'
import { minPasswordLengths } from './password-length.ts'
import { obtainPassword } from './prompt-password.ts'

const name = 'createUser'
const newUser = readNewUserOrExit(name)
const script = { name, programs: [name], failure: 'No user was made' }
await runScript(script, process.env, async ({ config, log, clock, release }) => {
  const { users } = await openUserStore({ url: config.stores.accounts, clock, log })
  release(() => users.close())
  const passwords = createPasswords({
    parameters: recommendedParameters,
    queue: createQueue({ concurrency: 1, maxWaiting: 0 }),
    deriveKey: deriveByScrypt,
  })
  const readPassword = () => obtainPassword(config.newUserPassword, 'NEW_USER_PASSWORD')
  const minPasswordLength = minPasswordLengths[config.environment]
  const dependencies = { users, passwords, readPassword, minPasswordLength, clock }
  const created = await createUser(dependencies, newUser)
  if ('id' in created) process.stdout.write(`${created.id}\n`)
  else complain(...created.problems)
})
