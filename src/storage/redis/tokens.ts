/**
 * Tokens in Redis, for as many auth processes as there are. All keys of a subject share a hash tag, so each step finds
 * them in one slot. A token's purpose is part of its key: under another one it cannot even be found.
 *
 * There is no bound of ours on how many are filed: Redis has `maxmemory`, and with `noeviction` refuses logins when it
 * is full, while what frees, extends or serves servers goes on.
 */
import { randomUUID } from 'node:crypto'
import { unavailable } from '../../http/refusal.ts'
import {
  type LivingToken,
  longestLifeSeconds,
  type Mark,
  markLifeSeconds,
  type Purpose,
  subjectTagOf,
  type TokenKey,
  type TokenStore,
} from '../ports.ts'
import { encodeRecord, type Fields, toLivingToken } from '../record.ts'
import { takeCensus } from './census.ts'
import { changeKey, keyPattern, markKey, tokenKey } from './keys.ts'
import { askApart } from './lists.ts'
import type { ScriptRunner } from './runner.ts'
import * as scripts from './scripts.ts'

export interface RedisTokenStoreOptions {
  readonly runner: ScriptRunner
  /** For what must not be undone: it may wait for replicas. */
  readonly durableRunner: ScriptRunner
  /** Whether a list must be cut by subjects, because they live in different slots. */
  readonly isCluster: boolean
}

export function redisTokenStore({
  runner,
  durableRunner,
  isCluster,
}: RedisTokenStoreOptions): TokenStore {
  let isClosed = false

  function checkOpen(): void {
    if (isClosed) throw unavailable('The token store is closed.')
  }

  async function remove(key: TokenKey, purpose: Purpose): Promise<LivingToken | undefined> {
    checkOpen()
    const call = { script: scripts.remove, keys: keysOf(key, purpose), isRepeatable: false }
    return readTokens(await durableRunner.run(call), purpose)[0]
  }

  async function peek(key: TokenKey, purpose: Purpose): Promise<LivingToken | undefined> {
    checkOpen()
    const call = { script: scripts.peek, keys: keysOf(key, purpose), isRepeatable: true }
    return readTokens(await runner.run(call), purpose)[0]
  }

  async function reinflateTogether(
    keys: readonly TokenKey[],
    purpose: Purpose,
  ): Promise<(LivingToken | undefined)[]> {
    const tokenKeys = keys.map((key) => tokenKey(key, purpose))
    const markKeys = keys.map(({ subjectTag }) => markKey(subjectTag, purpose.name))
    const answer = await runner.run({
      script: scripts.reinflate,
      keys: [...tokenKeys, ...markKeys],
      args: [milliseconds(purpose.ttlSeconds)],
      isRepeatable: true,
    })
    return readTokens(answer, purpose)
  }

  /** To look for what is not there shows that Redis would find what is. */
  async function look(subjectTag: string): Promise<void> {
    const keys = [markKey(subjectTag, 'ping')]
    await runner.run({ script: scripts.readMarks, keys, isRepeatable: true })
  }

  /** Of a Cluster it is enough that some of it answers: one node must not make every auth unready. */
  async function lookAnywhere(): Promise<void> {
    const looking = Array.from({ length: 16 }, (_, index) => look(`nobody-${index}`))
    await Promise.any(looking).catch(async () => await looking[0])
  }

  return {
    async issue(token) {
      checkOpen()
      const { key, purpose, mark = scripts.noMark } = token
      const { issue, issueWhenFull } = scripts
      const answer = await runner.run({
        script: purpose.hasReservedRoom ? issueWhenFull : issue,
        keys: keysOf(key, purpose),
        args: [
          milliseconds(purpose.ttlSeconds),
          milliseconds(longestLifeSeconds(purpose)),
          mark,
          encodeRecord(token).slice(1),
        ],
        isRepeatable: false,
      })
      return readTokens(answer, purpose)[0]
    },

    async reinflate(keys, purpose) {
      checkOpen()
      if (keys.length === 0) return []
      const askTogether = (some: readonly TokenKey[]) => reinflateTogether(some, purpose)
      return await (isCluster ? askApart(keys, askTogether) : askTogether(keys))
    },

    peek,
    take: remove,
    revoke: remove,

    async revokeSubject(sub, purposes, changeId) {
      checkOpen()
      if (purposes.length === 0) return { isLasting: true }
      const tag = subjectTagOf(sub)
      const keys = purposes.map(({ name }) => markKey(tag, name))
      const args = purposes.flatMap((one) => [randomUUID(), milliseconds(markLifeSeconds(one))])
      if (changeId === undefined) {
        // Once: a mark that was set again after a later one would bring back what that one ended.
        await durableRunner.run({ script: scripts.setMarks, keys, args, isRepeatable: false })
        return { isLasting: false }
      }
      const changes = purposes.map(({ name }) => changeKey(tag, name, changeId))
      const isLasting = await durableRunner.run({
        script: scripts.setMarksOnce,
        keys: [...keys, ...changes],
        args,
        isRepeatable: true,
      })
      return { isLasting: isLasting === 1 }
    },

    async marks(sub, purposes) {
      checkOpen()
      if (purposes.length === 0) return new Map()
      const tag = subjectTagOf(sub)
      const keys = purposes.map((purpose) => markKey(tag, purpose.name))
      const call = { script: scripts.readMarks, keys, isRepeatable: true }
      const marks = (await runner.run(call)) as (Mark | null)[] // as the script answers
      const found = purposes.map(({ name }, index) => [name, marks[index] ?? undefined] as const)
      return new Map(found.filter((one): one is [string, Mark] => one[1] !== undefined))
    },

    async census() {
      checkOpen()
      return await takeCensus({ runner, isCluster }, keyPattern('t', '([^:]+):'))
    },

    async ping() {
      checkOpen()
      await (isCluster ? lookAnywhere() : look('nobody'))
    },

    async close() {
      isClosed = true
      runner.close()
      durableRunner.close()
    },
  }
}

function keysOf(key: TokenKey, purpose: Purpose): readonly string[] {
  return [tokenKey(key, purpose), markKey(key.subjectTag, purpose.name)]
}

function milliseconds(seconds: number): string {
  return String(seconds * 1000)
}

type Filed = readonly [
  expiresAt: number,
  refreshCount: number,
  capAt: number,
  issuedAt: number,
  mark: string,
  ...fields: Fields,
]

function readTokens(answer: unknown, purpose: Purpose): (LivingToken | undefined)[] {
  const [judgedAt, ...tokens] = JSON.parse(String(answer)) as [number, ...(Filed | null)[]] // as the scripts answer
  return tokens.map((token) => {
    if (token === null) return undefined
    const [expiresAt, refreshCount, capAt, issuedAt, , ...fields] = token
    return toLivingToken(fields, purpose, { issuedAt, expiresAt, capAt, refreshCount, judgedAt })
  })
}
