/**
 * Makes an administrator: `--username a@example.com --name 'A Name'`. Where there is such an account already, it becomes
 * one. Prints the id. Reads what auth reads, because it changes what auth keeps.
 */
import { parseArgs } from 'node:util'
import { systemClock } from '../../clock.ts'
import { Refusal } from '../../http/refusal.ts'
import { createLog } from '../../log.ts'
import { readConfigOrExit, reasonOf } from '../../run.ts'
import { StartError } from '../../start-error.ts'
import { capabilities } from '../capabilities.ts'
import { extensionsOf } from '../capability.ts'
import { openCore, registerCapabilities } from '../main-parts.ts'
import { obtainPassword } from '../prompt-password.ts'
import { administratorRole, adminVariables, createAdministratorProgram } from './register.ts'

const named = readArguments()
const programs = ['auth', createAdministratorProgram]
const config = readConfigOrExit(process.env, programs, extensionsOf(capabilities))
const log = createLog({
  server: createAdministratorProgram,
  level: config.logLevel,
  isReadable: process.stderr.isTTY,
  write: (line) => process.stderr.write(line),
  now: systemClock.now,
})
const releasers: (() => unknown)[] = []
const release = (releaser: () => unknown) => void releasers.unshift(releaser)
try {
  process.stdout.write(`${await create()}\n`)
} catch (error) {
  const reason = error instanceof Refusal ? error.message : reasonOf(error)
  process.stderr.write(`No administrator was made: ${reason}\n`)
  process.exitCode = 1
}
for (const releaser of releasers) await releaser()

async function create(): Promise<string> {
  const opened = await openCore({ config, log, clock: systemClock, release })
  await registerCapabilities(opened, config)
  const accounts = opened.core.accounts()
  if (accounts === undefined) throw new StartError('nothing here keeps accounts.')
  const configured = config.extensions.get(adminVariables)?.ADMINISTRATOR_PASSWORD
  const given = typeof configured === 'string' ? configured : undefined
  const password = await obtainPassword(given, 'ADMINISTRATOR_PASSWORD')
  return await accounts.ensure({ ...named, password, roles: [administratorRole] })
}

/** Nothing of a wrong argument is repeated: it may be a password in the wrong place. */
function readArguments(): { readonly username: string; readonly name: string } {
  const options = { username: { type: 'string' }, name: { type: 'string' } } as const
  try {
    const { username, name } = parseArgs({ options }).values
    if (username !== undefined && name !== undefined) return { username, name }
  } catch {}
  process.stderr.write("Usage: createAdministrator --username a@example.com --name 'A Name'\n")
  process.exit(1)
}
