/** Rotates the keys that sign access tokens, with the variables of auth. `--now` for a key that is compromised. */
import { parseArgs } from 'node:util'
import { readArgumentsOrExit, runScript } from '../../script.ts'
import { StartError } from '../../start-error.ts'
import { capabilities } from '../capabilities.ts'
import { extensionsOf } from '../capability.ts'
import { byScript, openRegisteredCore } from '../main-parts.ts'
import type { JwtValues } from './jwt-variables.ts'
import { openSigningKeys } from './open-access.ts'
import { jwt } from './register.ts'
import { replaceKeys, rotateKeys } from './rotate-keys.ts'

const { now: isCompromised } = readArgumentsOrExit('Usage: rotateKeys [--now]', () => {
  const options = { now: { type: 'boolean', default: false } } as const
  return parseArgs({ options }).values
})
const script = {
  name: 'rotateKeys',
  programs: ['auth'],
  extensions: extensionsOf(capabilities),
  failure: 'No key was rotated',
}
await runScript(script, process.env, async (context) => {
  const { stores, extensions } = context.config
  const values = extensions.get(jwt.extension.variables) as JwtValues // no problem was found with them
  if (stores.accounts.kind === 'memory' || values.KEY_ENCRYPTION_SECRET === undefined) {
    throw new StartError(
      'it needs the ACCOUNT_STORE and the KEY_ENCRYPTION_SECRET of auth. Keys in memory end with their auth.',
    )
  }
  const core = await openRegisteredCore(context)
  const { keys, pairs } = await openSigningKeys(core, values)
  const dependencies = { keys, makeKey: () => pairs.make(values.JWT_ALG) }
  const { filed, removed, sentences } = isCompromised
    ? await replaceKeys(dependencies)
    : await rotateKeys(dependencies)
  for (const sentence of sentences) process.stdout.write(`${sentence}\n`)
  if (filed === undefined) process.exitCode = isCompromised ? 1 : 0
  else {
    const details = { key: filed, removed: removed.length }
    core.report({ type: 'signing_key_rotated', ...byScript(), details })
  }
})
