/** From the stores and the variables to access tokens, and to the keys behind them. */
import { randomBytes, randomUUID } from 'node:crypto'
import type { Core } from '../capability.ts'
import { type AccessTokens, createAccessTokens } from './access-tokens.ts'
import type { JwtValues } from './jwt-variables.ts'
import { createKeyPairs, importJose, type KeyPairs } from './key-pairs.ts'
import { type KeyRing, openKeyRing } from './key-ring.ts'
import { createKeySealing } from './sealing.ts'
import type { SigningKeys } from './signing-keys.ts'
import { memorySigningKeys } from './signing-keys-memory.ts'

export interface OpenedKeys {
  readonly keys: SigningKeys
  readonly pairs: KeyPairs
}

type Backing = Pick<Core, 'accountBacking' | 'clock'>

/** Without a secret to keep them under, keys are in memory, and what they signed ends with this process. */
export async function openSigningKeys(
  { accountBacking, clock }: Backing,
  { KEY_ENCRYPTION_SECRET: secret }: JwtValues,
): Promise<OpenedKeys> {
  const sealing = createKeySealing(secret ?? randomBytes(32))
  const pairs = createKeyPairs({ jose: await importJose(), sealing })
  if (accountBacking.kind === 'memory' || secret === undefined)
    return { keys: memorySigningKeys(clock), pairs }
  const { postgresSigningKeys } = await import('./signing-keys-postgres.ts')
  return { keys: postgresSigningKeys(accountBacking), pairs }
}

export interface OpenedAccess extends OpenedKeys {
  readonly ring: KeyRing
  readonly accessTokens: AccessTokens
}

/** There is a key that signs from here on. Rejects with a `StartError` where the keys cannot be opened. */
export async function openAccess(
  core: Backing & Pick<Core, 'log'>,
  values: JwtValues,
): Promise<OpenedAccess> {
  const opened = await openSigningKeys(core, values)
  const { keys, pairs } = opened
  if ((await keys.read()).keys.length === 0) await keys.begin(await pairs.make(values.JWT_ALG))
  const { clock, log } = core
  const ring = await openKeyRing({ keys, pairs, clock, log })
  const accessTokens = createAccessTokens({
    jose: await importJose(),
    keys: ring,
    issuer: values.ISSUER,
    audiences: values.AUDIENCE,
    createId: randomUUID,
  })
  return { ...opened, ring, accessTokens }
}
