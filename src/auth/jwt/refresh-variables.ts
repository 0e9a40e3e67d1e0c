/** How refresh tokens live. */
import { integer, readBy, type SoundValuesOf, seconds } from '../../variable-kinds.ts'

const auth = readBy('auth')

/**
 * Marks are kept for this long, whatever the families' life is: where that was longer once, those from then must not
 * outlive the marks that ended them.
 */
export const longestLifetimeSeconds = 7_776_000

export const refreshVariables = {
  REFRESH_RETRY_SECONDS: auth(integer(10, 0, 60)),
  REFRESH_LIFETIME_SECONDS: auth(seconds(2_592_000, 60, longestLifetimeSeconds)),
}

export type RefreshValues = SoundValuesOf<typeof refreshVariables>
