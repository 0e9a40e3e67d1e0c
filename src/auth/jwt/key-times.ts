/** How long access tokens live, and from that and from the lives of caches, how long a key is published. */
import type { RotationTimes } from './signing-keys.ts'

export const accessLifetimeSeconds = 300

/** How long others may keep the key set. */
export const keySetMaxAgeSeconds = 300

/**
 * A key is published before it signs for as long as one cache that fills from another may not know it, and after it
 * signed for as long as its last token lives, and a minute more for clocks that differ.
 */
export const rotationTimes: RotationTimes = {
  publishedBeforeMilliseconds: 2 * keySetMaxAgeSeconds * 1000,
  publishedAfterMilliseconds: (accessLifetimeSeconds + 60) * 1000,
}
