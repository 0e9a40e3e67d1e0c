/** Rotates the keys that sign access tokens, with the variables of auth. `--now` for a key that is compromised. */
import { randomUUID } from 'node:crypto'
import { parseArgs } from 'node:util'
import { systemClock } from '../../clock.ts'
import { Refusal } from '../../http/refusal.ts'
import { createLog } from '../../log.ts'
import { readConfigOrExit, reasonOf } from '../../run.ts'
import { StartError } from '../../start-error.ts'
import { capabilities } from '../capabilities.ts'
import { extensionsOf } from '../capability.ts'
import { openCore, registerCapabilities } from '../main-parts.ts'
import type { JwtValues } from './jwt-variables.ts'
import { openSigningKeys } from './open-access.ts'
import { jwt } from './register.ts'
import { replaceKeys, rotateKeys } from './rotate-keys.ts'

const isCompromised = readArguments()
const config = readConfigOrExit(process.env, ['auth'], extensionsOf(capabilities))
const clock = systemClock
const log = createLog({
  server: 'rotateKeys',
  level: config.logLevel,
  isReadable: process.stderr.isTTY,
  write: (line) => process.stderr.write(line),
  now: clock.now,
})
const releasers: (() => unknown)[] = []
try {
  await rotate()
} catch (error) {
  const reason = error instanceof Refusal ? error.message : reasonOf(error)
  process.stderr.write(`No key was rotated: ${reason}\n`)
  process.exitCode = 1
}
for (const releaser of releasers) await releaser()
process.exit()

async function rotate(): Promise<void> {
  const values = config.extensions.get(jwt.extension.variables) as JwtValues // no problem was found with them
  if (config.stores.accounts.kind === 'memory' || values.KEY_ENCRYPTION_SECRET === undefined) {
    throw new StartError(
      'it needs the ACCOUNT_STORE and the KEY_ENCRYPTION_SECRET of auth. Keys in memory end with their auth.',
    )
  }
  const release = (releaser: () => unknown) => void releasers.unshift(releaser)
  const assembled = await openCore({ config, log, clock, release })
  await registerCapabilities(assembled, config)
  const { core } = assembled
  const { keys, pairs } = await openSigningKeys(core, values)
  const dependencies = { keys, makeKey: () => pairs.make(values.JWT_ALG) }
  const { filed, removed, sentences } = isCompromised
    ? await replaceKeys(dependencies)
    : await rotateKeys(dependencies)
  for (const sentence of sentences) process.stdout.write(`${sentence}\n`)
  if (filed === undefined) process.exitCode = isCompromised ? 1 : 0
  else {
    const details = { key: filed, removed: removed.length }
    core.report({
      type: 'signing_key_rotated',
      requestId: randomUUID(),
      source: 'unknown',
      details,
    })
  }
}

function readArguments(): boolean {
  try {
    return parseArgs({ options: { now: { type: 'boolean' } } }).values.now === true
  } catch {
    process.stderr.write('Usage: rotateKeys [--now]\n')
    process.exit(1)
  }
}
