/**
 * Refresh families in Redis, beside the tokens. All keys of a subject share a hash tag, so each step finds them, and the
 * mark, in one slot.
 */

import type { RedisBacking } from '../../storage/backing.ts'
import type { TokenHash } from '../../storage/ports.ts'
import { takeCensus } from '../../storage/redis/census.ts'
import { keyOfSubject, keyPattern, markKey } from '../../storage/redis/keys.ts'
import { noMark } from '../../storage/redis/scripts.ts'
import * as scripts from './families-redis-scripts.ts'
import { encodeFamily, type FamilyFields, readFamily } from './family-record.ts'
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
    async open(family) {
      const { place, tokenHash, mark: own = noMark } = family
      const record = encodeFamily(family).slice(1)
      const life = String(lifeSeconds * 1000)
      const answer = await runner.run({
        script: scripts.open,
        keys: [familyKey(place), mark(place), idsKey(place.subjectTag)],
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

    async list(subjectTag) {
      const keys = [idsKey(subjectTag), markKey(subjectTag, purposeName)]
      const args = [keyOfSubject(subjectTag, 'jwt', 'family:')]
      const answer = await runner.run({ script: scripts.list, keys, args, isRepeatable: true })
      return readFamilies(answer).filter((family) => family !== undefined)
    },

    async kill(place) {
      const call = { script: scripts.kill, keys: keysOf(place), isRepeatable: false }
      return readFamilies(await durableRunner.run(call))[0]
    },

    async census() {
      const pattern = keyPattern('jwt', '(family):[^:]+$')
      const { counts, isSampled } = await takeCensus(options, pattern)
      const { family } = counts
      return { counts: family === undefined ? {} : { [purposeName]: family }, isSampled }
    },
  }
}

function idsKey(subjectTag: string): string {
  return keyOfSubject(subjectTag, 'jwt', 'families')
}

function familyKey({ subjectTag, id }: FamilyPlace): string {
  return keyOfSubject(subjectTag, 'jwt', `family:${id}`)
}

function answerKey(place: FamilyPlace): string {
  return `${familyKey(place)}:answer`
}

type Filed = readonly [
  expiresAt: number,
  rotations: number,
  rotatedAt: number,
  issuedAt: number,
  mark: string,
  tokenHash: TokenHash,
  previousHash: TokenHash,
  ...fields: FamilyFields,
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
  const [expiresAt, rotations, rotatedAt, issuedAt, , tokenHash, , ...fields] = filed
  const times = { issuedAt, rotatedAt, expiresAt, judgedAt }
  return { ...readFamily(fields), tokenHash, rotations, ...times }
}
