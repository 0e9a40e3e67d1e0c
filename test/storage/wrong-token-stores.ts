/**
 * Deliberately wrong token stores, one flaw each. Every flaw is one that somebody has made: by asking first and acting
 * after, by an index that is not what it seems, by a helpful default.
 */
import type { TokenStoreFlaw } from './wrong-token-kit.ts'
import { wrongExpiries, wrongTakes } from './wrong-token-lives.ts'
import { wrongPurposes, wrongRecords } from './wrong-token-records.ts'
import { wrongRevocations } from './wrong-token-revocations.ts'
import { wrongFaults, wrongRooms } from './wrong-token-rooms.ts'

export const wrongTokenStores: readonly TokenStoreFlaw[] = [
  ...wrongTakes,
  ...wrongExpiries,
  ...wrongRecords,
  ...wrongPurposes,
  ...wrongRevocations,
  ...wrongFaults,
  ...wrongRooms,
]
