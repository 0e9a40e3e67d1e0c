/** From the URL of a Redis to a token store. */
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { RedisUrl } from '../../store-url.ts'
import type { RedisBacking } from '../backing.ts'
import type { TokenStore } from '../ports.ts'
import { createConnect } from './connect.ts'
import { createLink, type Link } from './link.ts'
import { createScriptRunner, createWaitingScriptRunner, type ScriptRunner } from './runner.ts'
import { redisTokenStore } from './tokens.ts'

export interface OpenRedisOptions {
  readonly url: RedisUrl
  readonly clock: Clock
  readonly log: Log
  /** How many replicas must have a take or a revocation before it is answered. */
  readonly waitReplicas: number
}

/** Less than those who ask auth wait for it, so that they can hear why. */
const deadlineMilliseconds = 800
const replicationMilliseconds = 500

/** Does not wait for the connection: calls do. */
export function openRedisTokenStore(options: OpenRedisOptions): {
  tokens: TokenStore
  backing: RedisBacking
} {
  const { url, clock, log, waitReplicas } = options
  const openLink = () => linkTo({ url, clock, log })
  const runner = createScriptRunner(openLink())
  const replication = { replicas: waitReplicas, milliseconds: replicationMilliseconds }
  // On a connection of its own in any case: strangers can ask for revocations as often as they like.
  const durableRunner =
    waitReplicas === 0
      ? createScriptRunner(openLink())
      : createWaitingScriptRunner(openLink(), replication)
  const parts = { runner, durableRunner, isCluster: url.topology === 'cluster' }
  return { tokens: redisTokenStore(parts), backing: { kind: 'redis', ...parts } }
}

/** Does not wait for the connection: calls do. */
export function openRedisRunner(options: Omit<OpenRedisOptions, 'waitReplicas'>): ScriptRunner {
  return createScriptRunner(linkTo(options))
}

function linkTo({ url, clock, log }: Omit<OpenRedisOptions, 'waitReplicas'>): Link {
  const connect = createConnect({ url, clock, deadlineMilliseconds })
  return createLink({ connect, clock, log, deadlineMilliseconds })
}
