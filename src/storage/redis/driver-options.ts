/** What every connection by the driver has in common. */
import type { RedisUrl } from '../../store-url.ts'

/** More than a full list of every request that may wait. */
const maxQueuedCommands = 10_000

export const driverOptions = {
  RESP: 2,
  disableOfflineQueue: true,
  commandsQueueMaxLength: maxQueuedCommands,
  disableClientInfo: true,
  maintNotifications: 'disabled',
  commandOptions: { timeout: 0 }, // `link.ts` has the deadlines; the driver's own would cost a timer for each command
} as const

export function credentialsOf({ username, password }: RedisUrl) {
  return {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  }
}
