/**
 * The keys as this process knows them, opened. A job reads them again every few seconds, so that no request waits for
 * the store; they are judged by the store's clock as it stood then and the time that has passed since: several auths
 * agree on who signs, whatever their own clocks say. What was read too long ago is no answer: a key may be removed by now.
 */
import type { Clock } from '../../clock.ts'
import { unavailable } from '../../http/refusal.ts'
import { describeError, type Log } from '../../log.ts'
import type { Job } from '../../periodic-job.ts'
import { StartError } from '../../start-error.ts'
import type { KeyPair, KeyPairs } from './key-pairs.ts'
import { type SigningKey, type SigningKeys, stateOf } from './signing-keys.ts'

export interface KeyRing {
  /** Epoch milliseconds of the store's clock. */
  now(): number
  /** By which to sign now. Throws a 503 where that is not known. */
  current(): KeyPair
  /** Of one that is published; looks into the store, now and then, for one that is unknown. Rejects with a 503 where it is not known. */
  find(kid: string): Promise<KeyPair | undefined>
  /** All that are published, those that do not sign yet among them. Throws a 503 where they are not known. */
  published(): readonly KeyPair[]
  /** Reads them again every few seconds. The answer stops it. */
  readonly startReading: Job
}

export interface KeyRingDependencies {
  readonly keys: Pick<SigningKeys, 'read'>
  readonly pairs: Pick<KeyPairs, 'open'>
  readonly clock: Clock
  readonly log: Log
}

const rereadMilliseconds = 5_000
const staleMilliseconds = 60_000
/** Between two looks for keys that are unknown: anybody can name some. */
const coolDownMilliseconds = 1_000

interface Known {
  readonly keys: readonly SigningKey[]
  readonly pairs: ReadonlyMap<string, KeyPair>
  readonly judgedAt: number
  /** By the clock of this process. */
  readonly readAt: number
}

/** Rejects with a `StartError` where a key cannot be opened. */
export async function openKeyRing(dependencies: KeyRingDependencies): Promise<KeyRing> {
  const { clock, log } = dependencies
  let known = await readKeys(dependencies, new Map())
  let reading: Promise<void> | undefined
  let readingSince = Number.NEGATIVE_INFINITY
  let hasFailed = false

  function reread(): Promise<void> {
    if (reading !== undefined) return reading
    readingSince = clock.now()
    reading = renew().finally(() => {
      reading = undefined
    })
    return reading
  }

  async function renew(): Promise<void> {
    try {
      known = await readKeys(dependencies, known.pairs)
      hasFailed = false
    } catch (error) {
      hasFailed = true
      log.error('the signing keys could not be read', { error: describeError(error) })
    }
  }

  const now = () => known.judgedAt + clock.now() - known.readAt

  function living(): readonly SigningKey[] {
    if (clock.now() - known.readAt >= staleMilliseconds)
      throw unavailable('The signing keys cannot be read.')
    const at = now()
    return known.keys.filter((key) => stateOf(key, at) !== 'removed')
  }

  const published = () =>
    living()
      .map(({ kid }) => known.pairs.get(kid))
      .filter((pair) => pair !== undefined)

  const pairOf = (kid: string) => published().find((pair) => pair.kid === kid)

  return {
    now,
    published,
    current() {
      const current = living().find((key) => stateOf(key, now()) === 'current')
      const pair = known.pairs.get(current?.kid ?? '')
      if (pair === undefined) throw unavailable('There is no signing key.')
      return pair
    },
    async find(kid) {
      const found = pairOf(kid)
      if (found !== undefined) return found
      const isCool = reading !== undefined || clock.now() - readingSince >= coolDownMilliseconds
      if (isCool) await reread()
      const pair = pairOf(kid)
      // Of a key that is unknown to us nothing is known while the store cannot be read.
      if (pair === undefined && hasFailed) throw unavailable('The signing keys cannot be read.')
      return pair
    },
    startReading: () => clock.every(rereadMilliseconds, () => void reread()),
  }
}

/** What was opened before is not opened again. */
async function readKeys(
  { keys: store, pairs: opener, clock }: KeyRingDependencies,
  opened: ReadonlyMap<string, KeyPair>,
): Promise<Known> {
  const { keys, judgedAt } = await store.read()
  const pairs = new Map<string, KeyPair>()
  for (const key of keys) {
    const pair = opened.get(key.kid) ?? (await opener.open(key))
    if (pair === undefined) {
      throw new StartError(
        'KEY_ENCRYPTION_SECRET is not the one under which the signing keys are stored.',
      )
    }
    pairs.set(key.kid, pair)
  }
  return { keys, pairs, judgedAt, readAt: clock.now() }
}
