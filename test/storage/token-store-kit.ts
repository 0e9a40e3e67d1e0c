/** What the cases of the token store's contract share: how a store is opened, purposes to file under, tokens to file. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { TestContext } from 'node:test'
import type {
  FixedPurpose,
  LivingToken,
  Mark,
  NewToken,
  Purpose,
  ReinflatingPurpose,
  SingleUsePurpose,
  TokenKey,
  TokenStore,
} from '../../src/storage/ports.ts'
import { mintToken, type TokenRequest } from '../../src/tokens/token.ts'
import type { Case } from './contract.ts'

export interface Opened {
  readonly store: TokenStore
  /** Lets at least this much of the store's time go by: by moving its clock, or else by waiting. */
  readonly pass: (milliseconds: number) => Promise<void>
}

/** For stores whose clock nobody can move. */
export function passRealTime(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

/** A store whose clock stands still until it is moved. */
export interface OpenedExactly extends Opened {
  /** What the clock says. The store's own time never steps back with it. */
  readonly now: () => number
  /** Moves the clock by exactly this much, backwards too. */
  readonly step: (milliseconds: number) => void
}

/** How many tokens a bounded store files. */
export interface Room {
  readonly maxTokens: number
  readonly reservedPlaces: number
}

export type TokenStoreCase = Case<Opened>
export type ExactCase = Case<OpenedExactly>
export type OpenTokenStore<What extends Opened = Opened> = (
  t: TestContext,
  room?: Room,
) => Promise<What>

/** These outlive every test, also one that waits on a slow machine. */
export const session: ReinflatingPurpose = {
  name: 'session',
  letter: 's',
  flavour: 'reinflating',
  ttlSeconds: 600,
  capSeconds: 3_600,
  hasReservedRoom: false,
}
export const service: FixedPurpose = {
  name: 'service',
  letter: 'c',
  flavour: 'fixed',
  ttlSeconds: 900,
  hasReservedRoom: true,
}
export const verifyEmail: SingleUsePurpose = {
  name: 'verify_email',
  letter: 'v',
  flavour: 'single_use',
  ttlSeconds: 1_200,
  hasReservedRoom: false,
}
/** The same flavours again, under names of their own. */
export const otherSession: ReinflatingPurpose = { ...session, name: 'access', letter: 'a' }
export const otherSingleUse: SingleUsePurpose = { ...verifyEmail, name: 'reset', letter: 'r' }

/** These die while a test waits. */
export const briefSession: ReinflatingPurpose = {
  ...session,
  name: 'brief_session',
  ttlSeconds: 2,
  capSeconds: 5,
}
export const briefService: FixedPurpose = { ...service, name: 'brief_service', ttlSeconds: 2 }
export const briefSingleUse: SingleUsePurpose = {
  ...verifyEmail,
  name: 'brief_code',
  ttlSeconds: 2,
}

/** A session of a fresh subject, unless the request says otherwise. */
export function newToken(request: Partial<TokenRequest> = {}): NewToken {
  const defaults = { purpose: session, sub: randomUUID(), name: 'Test User', scope: '' }
  return mintToken({ ...defaults, mark: undefined, ...request }).filed
}

export interface Issued {
  readonly key: TokenKey
  readonly sub: string
  /** What `issue` answered. */
  readonly living: LivingToken
}

export async function issue(
  store: TokenStore,
  request: Partial<TokenRequest> = {},
): Promise<Issued> {
  const filed = newToken(request)
  const living = await store.issue(filed)
  assert.ok(living !== undefined, 'nothing was issued, though no mark forbids it')
  return { key: filed.key, sub: filed.sub, living }
}

export async function markOf(
  store: TokenStore,
  sub: string,
  purpose: Purpose,
): Promise<Mark | undefined> {
  return (await store.marks(sub, [purpose])).get(purpose.name)
}

export async function isAlive(
  store: TokenStore,
  { key }: Pick<Issued, 'key'>,
  purpose: Purpose = session,
): Promise<boolean> {
  return (await store.peek(key, purpose)) !== undefined
}

/** All that a token is, without the moment at which the store looked. */
export function lasting(token: LivingToken | undefined): Omit<LivingToken, 'judgedAt'> {
  assert.ok(token !== undefined, 'the token is not alive')
  const { judgedAt: _, ...rest } = token
  return rest
}
