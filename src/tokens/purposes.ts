/** The core's purposes: one table. A capability registers its own beside it. */
import type { FixedPurpose, ReinflatingPurpose } from '../storage/ports.ts'

export interface CorePurposes {
  /** What a user gets from `/login`. */
  readonly session: ReinflatingPurpose
  /** What a client gets from `/token`. A flood of logins must not leave it without a place. */
  readonly service: FixedPurpose
}

export interface Lifetimes {
  readonly sessionTtlSeconds: number
  readonly sessionCapSeconds: number
  readonly serviceTtlSeconds: number
}

export function corePurposes({
  sessionTtlSeconds,
  sessionCapSeconds,
  serviceTtlSeconds,
}: Lifetimes): CorePurposes {
  return {
    session: {
      name: 'session',
      letter: 's',
      flavour: 'reinflating',
      ttlSeconds: sessionTtlSeconds,
      capSeconds: sessionCapSeconds,
      hasReservedRoom: false,
    },
    service: {
      name: 'service',
      letter: 'c',
      flavour: 'fixed',
      ttlSeconds: serviceTtlSeconds,
      hasReservedRoom: true,
    },
  }
}
