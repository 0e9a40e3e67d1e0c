/** What a family is and stays, as stores keep it. */
import type { TokenId } from '../../storage/ports.ts'
import type { NewFamily } from './refresh-families.ts'

/** Later versions may add fields at the end, earlier ones know fewer. */
export type FamilyFields = readonly [
  id: TokenId,
  sub: string,
  clientId: string,
  scope: string,
  source?: string,
]

/** An array in JSON. */
export function encodeFamily({ place, sub, clientId, scope, source }: NewFamily): string {
  return JSON.stringify([place.id, sub, clientId, scope, source] satisfies FamilyFields)
}

export function readFamily([id, sub, clientId, scope, source = 'unknown']: FamilyFields) {
  return { id, sub, clientId, scope, source }
}
