import { Refusal } from '../../http/refusal.ts'

/** Of a session whose account went while its call was under way. */
export function nobodyAnyMore(): Refusal {
  return new Refusal('invalid_token', 'The token is unknown or no longer alive.')
}
