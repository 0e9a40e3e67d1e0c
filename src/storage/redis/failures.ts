/** What a rejected command means for the next try. */
import { ClientClosedError, ClientOfflineError, ErrorReply } from '@redis/client'
import { Refusal } from '../../http/refusal.ts'

/**
 * `refused`: this server is not the one to ask, and ran nothing. `unsent`: the command never left. `answered`: there is
 * nothing to hope from another try. `lost`: nobody knows whether it ran.
 */
export type Failure = 'refused' | 'unsent' | 'answered' | 'lost'

const refusedPattern = /^(READONLY|LOADING|MASTERDOWN|CLUSTERDOWN|TRYAGAIN)\b/
/** What the driver says, as a plain error, where too many commands wait. */
const fullMessage = 'The queue is full'

export function failureOf(error: unknown): Failure {
  if (error instanceof ErrorReply)
    return refusedPattern.test(error.message) ? 'refused' : 'answered'
  if (error instanceof ClientOfflineError || error instanceof ClientClosedError) return 'unsent'
  const isFull = error instanceof Error && error.message === fullMessage
  return error instanceof Refusal || isFull ? 'answered' : 'lost'
}
