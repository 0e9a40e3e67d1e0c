/** What the cases of the limit share: logins that are nothing but a token and the step that indexes it. */
import type { LoginAttempt } from '../../../src/auth/login-steps.ts'
import type { SecurityEvent } from '../../../src/auth/security-events.ts'
import { limitSessions } from '../../../src/auth/sessions/limit-sessions.ts'
import type { SessionIndex } from '../../../src/auth/sessions/session-index.ts'
import type { LivingToken, TokenKey, TokenStore } from '../../../src/storage/ports.ts'
import { keyOf, mintToken } from '../../../src/tokens/token.ts'
import { recordedLog } from '../../kit/log.ts'
import type { Case } from '../../storage/contract.ts'
import { markOf, session as purpose } from '../../storage/token-store-kit.ts'
import { newSub } from './index-kit.ts'

export interface OpenedLimit {
  readonly index: SessionIndex
  readonly tokens: TokenStore
}

export type LimitCase = Case<OpenedLimit>

export interface LoggedIn {
  readonly key: TokenKey
  readonly living: LivingToken
}

/** Logs one user in, as often as is wanted. */
export function userWithLimit({ index, tokens }: OpenedLimit, maxSessions: number) {
  const sub = newSub()
  const events: SecurityEvent[] = []
  const log = recordedLog()
  const report = (event: SecurityEvent) => void events.push(event)
  const limit = limitSessions({ index, tokens, purpose, maxSessions, report, log })

  async function logIn(): Promise<LoggedIn> {
    const mark = await markOf(tokens, sub, purpose)
    const request = { purpose, sub, name: 'Test User', scope: '', mark }
    const { token, filed } = mintToken(request)
    const living = await tokens.issue(filed)
    if (living === undefined) throw new Error('nothing was issued')
    await limit(attemptWith({ sub, issued: { token, living } }))
    return { key: keyOf(token), living }
  }

  async function logInTimes(times: number): Promise<readonly LoggedIn[]> {
    const logins: LoggedIn[] = []
    for (let nth = 0; nth < times; nth++) {
      logins.push(await logIn())
      await nextMillisecond()
    }
    return logins
  }

  const isAlive = async ({ key }: LoggedIn) => (await tokens.peek(key, purpose)) !== undefined
  const areAlive = (logins: readonly LoggedIn[]) => Promise.all(logins.map(isAlive))
  const use = async ({ key }: LoggedIn) => void (await tokens.reinflate([key], purpose))
  const idsListed = async () => (await index.list(sub)).map(({ id }) => id).sort()
  return { sub, events, log, limit, logIn, logInTimes, isAlive, areAlive, use, idsListed }
}

/** A login as the step finds it. */
export function attemptWith(fields: Pick<LoginAttempt, 'sub' | 'issued'>): LoginAttempt {
  return {
    username: 'user@example.com',
    password: 'correct horse',
    requestId: 'a-request',
    source: '192.0.2.1',
    marks: new Map(),
    user: undefined,
    strongerHash: undefined,
    scope: '',
    session: undefined,
    ...fields,
  }
}

/** What happens in the same millisecond has no order of use. */
export async function nextMillisecond(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 2))
}

export function idsOf(logins: readonly LoggedIn[]): string[] {
  return logins.map(({ living }) => living.id).sort()
}
