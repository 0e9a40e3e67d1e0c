/**
 * Makes an administrator: `--username a@example.com --name 'A Name'`. Where there is such an account already, it becomes
 * one. Prints the id. Reads what auth reads, because it changes what auth keeps.
 */
import { runScript } from '../../script.ts'
import { StartError } from '../../start-error.ts'
import { capabilities } from '../capabilities.ts'
import { extensionsOf } from '../capability.ts'
import { readNewUserOrExit } from '../main-arguments.ts'
import { byScript, openRegisteredCore } from '../main-parts.ts'
import { obtainPassword } from '../prompt-password.ts'
import { administratorRole, adminVariables, createAdministratorProgram } from './register.ts'

const named = readNewUserOrExit(createAdministratorProgram)
const script = {
  name: createAdministratorProgram,
  programs: ['auth', createAdministratorProgram],
  extensions: extensionsOf(capabilities),
  failure: 'No administrator was made',
}
await runScript(script, process.env, async (context) => {
  const core = await openRegisteredCore(context)
  const accounts = core.accounts()
  if (accounts === undefined) throw new StartError('nothing here keeps accounts.')
  const configured = context.config.extensions.get(adminVariables)?.ADMINISTRATOR_PASSWORD
  const given = typeof configured === 'string' ? configured : undefined
  const password = await obtainPassword(given, 'ADMINISTRATOR_PASSWORD')
  const wanted = { ...named, password, roles: [administratorRole] }
  const id = await accounts.ensure(wanted, (sub) =>
    core.report({ type: 'administrator_made', ...byScript(), sub }),
  )
  process.stdout.write(`${id}\n`)
})
