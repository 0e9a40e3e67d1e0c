/** What the cases of the contract of refresh families share. */
import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import type {
  FamilySweeper,
  LivingFamily,
  NewFamily,
  RefreshFamilies,
  Rotation,
  RotationOutcome,
} from '../../../src/auth/jwt/refresh-families.ts'
import { hashOf, mintRefreshToken, placeOf } from '../../../src/auth/jwt/refresh-token.ts'
import type { FixedPurpose, TokenHash, TokenStore } from '../../../src/storage/ports.ts'
import type { Case } from '../../storage/contract.ts'

export const refreshPurpose: FixedPurpose = {
  name: 'refresh',
  letter: 'f',
  flavour: 'fixed',
  ttlSeconds: 600,
  hasReservedRoom: false,
}

/** Few, so that a test can fill them. */
export const limits = { purposeName: 'refresh', lifeSeconds: 600, maxPerSubject: 3 }
export const briefLimits = { ...limits, lifeSeconds: 1 }

export interface OpenedFamilies {
  readonly families: RefreshFamilies
  /** Others, in the same store, that live for a second. */
  readonly brief: RefreshFamilies
  /** Whose marks they stand under. */
  readonly tokens: TokenStore
  /** Lets at least this much of the store's time go by. */
  readonly pass: (milliseconds: number) => Promise<void>
}

export interface OpenedSwept extends OpenedFamilies {
  readonly families: RefreshFamilies & FamilySweeper
  readonly brief: RefreshFamilies & FamilySweeper
}

export type FamiliesCase = Case<OpenedFamilies>

export function newFamily(fields: Partial<NewFamily> = {}): NewFamily {
  const { sub = randomUUID() } = fields
  const token = mintRefreshToken(sub)
  const defaults = { place: placeOf(token), tokenHash: hashOf(token), mark: undefined }
  return { ...defaults, sub, clientId: 'test', scope: '', source: '192.0.2.1', ...fields }
}

export function newHash(): TokenHash {
  return randomBytes(32).toString('base64url') as TokenHash
}

export interface OpenedFamily extends NewFamily {
  readonly living: LivingFamily
}

export async function openFamily(
  families: RefreshFamilies,
  fields: Partial<NewFamily> = {},
): Promise<OpenedFamily> {
  const family = newFamily(fields)
  const living = await families.open(family)
  assert.ok(living !== undefined, 'nothing was opened, though no mark forbids it')
  return { ...family, living }
}

/** Presents a hash; what follows is fresh, and the window 20 seconds, unless told otherwise. */
export function rotate(
  families: RefreshFamilies,
  { place }: Pick<NewFamily, 'place'>,
  presented: TokenHash,
  rotation: Partial<Rotation> = {},
): Promise<RotationOutcome> {
  const defaults = { next: newHash(), sealedAnswer: 'sealed', retrySeconds: 20 }
  return families.rotate(place, { presented, ...defaults, ...rotation })
}

/** Rotates by the good token, and gives the one after it. */
export async function rotateOn(
  families: RefreshFamilies,
  family: Pick<NewFamily, 'place'>,
  presented: TokenHash,
  rotation: Partial<Rotation> = {},
): Promise<TokenHash> {
  const next = newHash()
  const outcome = await rotate(families, family, presented, { next, ...rotation })
  assert.deepEqual(outcome, { kind: 'rotated' })
  return next
}

export async function isAlive(
  families: RefreshFamilies,
  { place }: Pick<NewFamily, 'place'>,
): Promise<boolean> {
  return (await families.peek([place]))[0] !== undefined
}

export async function markOf(tokens: TokenStore, sub: string) {
  return (await tokens.marks(sub, [refreshPurpose])).get(refreshPurpose.name)
}
