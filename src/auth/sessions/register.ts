/** Users have no more sessions than a limit. */
import { longestLifeSeconds } from '../../storage/ports.ts'
import { integer, readBy } from '../../variable-kinds.ts'
import { capability } from '../capability.ts'
import { limitSessions } from './limit-sessions.ts'
import { openSessionIndex } from './open-index.ts'
import { startSweep } from './sweep.ts'

export const sessions = capability({
  name: 'sessions',
  variables: { MAX_SESSIONS_PER_USER: readBy('auth')(integer(20, 1, 1_000)) },
  migrations: new URL('migrations/', import.meta.url),

  async register(core, { MAX_SESSIONS_PER_USER: maxSessions }) {
    const { tokenBacking: backing, clock, log } = core
    const purpose = core.purposes.session
    const lifeSeconds = longestLifeSeconds(purpose)
    const { index, sweeper } = await openSessionIndex({ backing, clock, lifeSeconds })
    if (sweeper !== undefined) core.release(startSweep({ sweeper, clock, log }))
    return {
      login: { issued: limitSessions({ ...core, index, purpose, maxSessions }) },
    }
  },
})
