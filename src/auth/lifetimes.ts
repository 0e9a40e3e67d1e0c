import type { LivingToken } from '../storage/ports.ts'

/** Whole seconds that it lives on if nobody uses it. Rounded down: never promise what is not there. */
export function remainingSeconds({
  expiresAt,
  judgedAt,
}: Pick<LivingToken, 'expiresAt' | 'judgedAt'>): number {
  return Math.floor((expiresAt - judgedAt) / 1000)
}

/** Whole seconds until no validation extends it any more. */
export function remainingCapSeconds({ capAt, judgedAt }: LivingToken): number {
  return Math.floor((capAt - judgedAt) / 1000)
}
