/**
 * Refresh families in Redis, beside the tokens. All keys of a subject share a hash tag, so each step finds them, and the
 * mark, in one slot.
 */

import type { RedisBacking } from '../../storage/backing.ts'
import type { TokenHash, TokenId } from '../../storage/ports.ts'
import { keyOfSubject, markKey } from '../../storage/redis/keys.ts'
import { noMark } from '../../storage/redis/scripts.ts'
import * as scripts from './families-redis-scripts.ts'
import type {
  FamilyLimits,
  FamilyPlace,
  LivingFamily,
  RefreshFamilies,
  RotationOutcome,
} from './refresh-families.ts'

export type RedisFamiliesOptions = FamilyLimits & Omit<RedisBacking, 'kind'>

export function redisFamilies(options: RedisFamiliesOptions): RefreshFamilies {
  const { runner, durableRunner, isCluster, purposeName, lifeSeconds, maxPerSubject } = options
  const mark = ({ subjectTag }: FamilyPlace) => markKey(subjectTag, purposeName)
  const keysOf = (place: FamilyPlace) => [familyKey(place), mark(place), answerKey(place)]

  async function peekTogether(
    places: readonly FamilyPlace[],
  ): Promise<(LivingFamily | undefined)[]> {
    const keys = [...places.map(familyKey), ...places.map(mark)]
    return readFamilies(await runner.run({ script: scripts.peek, keys, isRepeatable: true }))
  }

  return {
    async open({ place, sub, clientId, scope, tokenHash, mark: own = noMark }) {
      const record = JSON.stringify([place.id, sub, clientId, scope] satisfies Fields).slice(1)
      const life = String(lifeSeconds * 1000)
      const answer = await runner.run({
        script: scripts.open,
        keys: [familyKey(place), mark(place), keyOfSubject(place.subjectTag, 'jwt', 'families')],
        args: [life, own, tokenHash, scripts.noHash, record, place.id, String(maxPerSubject)],
        isRepeatable: false,
      })
      return readFamilies(answer)[0]
    },

    async rotate(place, { presented, next, sealedAnswer, retrySeconds }) {
      const answer = await durableRunner.run({
        script: scripts.rotate,
        keys: keysOf(place),
        args: [presented, next, String(retrySeconds * 1000), sealedAnswer],
        isRepeatable: false,
      })
      return readOutcome(answer)
    },

    async peek(places) {
      if (places.length === 0) return []
      if (!isCluster) return await peekTogether(places)
      return (await Promise.all(places.map((place) => peekTogether([place])))).flat()
    },

    async kill(place) {
      const call = { script: scripts.kill, keys: keysOf(place), isRepeatable: false }
      return readFamilies(await durableRunner.run(call))[0]
    },
  }
}

function familyKey({ subjectTag, id }: FamilyPlace): string {
  return keyOfSubject(subjectTag, 'jwt', `family:${id}`)
}

function answerKey(place: FamilyPlace): string {
  return `${familyKey(place)}:answer`
}

type Fields = readonly [id: TokenId, sub: string, clientId: string, scope: string]

type Filed = readonly [
  expiresAt: number,
  rotations: number,
  rotatedAt: number,
  issuedAt: number,
  mark: string,
  tokenHash: TokenHash,
  previousHash: TokenHash,
  ...fields: Fields,
]

function readFamilies(answer: unknown): (LivingFamily | undefined)[] {
  const [judgedAt, ...families] = JSON.parse(String(answer)) as [number, ...(Filed | null)[]] // as the scripts answer
  return families.map((filed) => (filed === null ? undefined : toLivingFamily(filed, judgedAt)))
}

function readOutcome(answer: unknown): RotationOutcome {
  type Told = [number, 'rotated' | 'reused', Filed, null] | [number, 'repeat', Filed, string]
  const told = JSON.parse(String(answer)) as Told | [number, 'unknown', null, null] // as the script answers
  const [judgedAt, kind, filed, sealedAnswer] = told
  switch (kind) {
    case 'repeat':
      return { kind, sealedAnswer }
    case 'reused':
      return { kind, family: toLivingFamily(filed, judgedAt) }
    default:
      return { kind }
  }
}

function toLivingFamily(filed: Filed, judgedAt: number): LivingFamily {
  const [expiresAt, rotations, , issuedAt, , tokenHash, , id, sub, clientId, scope] = filed
  return { id, sub, clientId, scope, tokenHash, issuedAt, expiresAt, rotations, judgedAt }
}
