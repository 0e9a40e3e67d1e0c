import type { LivingToken } from '../storage/ports.ts'

/** Whole seconds that the token lives on if nobody validates it. Rounded down: never promise what is not there. */
export function remainingSeconds({ expiresAt, judgedAt }: LivingToken): number {
  return Math.floor((expiresAt - judgedAt) / 1000)
}

/** Whole seconds until no validation extends it any more. */
export function remainingCapSeconds({ capAt, judgedAt }: LivingToken): number {
  return Math.floor((capAt - judgedAt) / 1000)
}
