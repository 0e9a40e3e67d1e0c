/** Makes clients in the account store, lists and changes them. A fresh secret is printed, behind the id, once. */
import { readArgumentsOrExit, runScript } from '../../script.ts'
import { capabilities } from '../capabilities.ts'
import { extensionsOf } from '../capability.ts'
import { byScript, openRegisteredCore } from '../main-parts.ts'
import { readCommand, usage } from './client-commands.ts'
import { openManagement } from './open-management.ts'
import { manageClientProgram } from './register.ts'

const command = readArgumentsOrExit(usage, () => readCommand(process.argv.slice(2)))
const script = {
  name: manageClientProgram,
  programs: ['auth', manageClientProgram],
  extensions: extensionsOf(capabilities),
}

/** Those in the memory of an auth are out of reach. */
const tokensOfOthers = {
  async revokeSubject() {
    process.stderr.write(
      'It gets no token any more; those that it has live on until they expire by themselves.\n',
    )
  },
}

await runScript(script, process.env, async (context) => {
  const core = await openRegisteredCore(context)
  const tokens = core.tokenBacking.kind === 'memory' ? tokensOfOthers : core.tokens
  const { manage } = await openManagement({ ...core, tokens })
  await command(manage(byScript()), (line) => process.stdout.write(`${line}\n`))
})
