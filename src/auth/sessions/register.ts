/** Users see and end their own sessions, and have no more of them than a limit. */
import { route } from '../../http/router.ts'
import { longestLifeSeconds } from '../../storage/ports.ts'
import { integer, readBy } from '../../variable-kinds.ts'
import { capability } from '../capability.ts'
import { endSession } from './end-session.ts'
import { indexedSessions } from './indexed-sessions.ts'
import { limitSessions } from './limit-sessions.ts'
import { listSessions } from './list-sessions.ts'
import { logOutEverywhere } from './log-out-everywhere.ts'
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
    const dependencies = { ...core, index, purpose }
    return {
      sessionKinds: [indexedSessions(dependencies)],
      login: { issued: limitSessions({ ...dependencies, maxSessions }) },
      routes: [
        route('/sessions', { GET: listSessions(dependencies) }),
        route('/sessions/:id', { DELETE: endSession(dependencies) }),
        route('/logout-all', { POST: logOutEverywhere(dependencies) }),
      ],
      jobs: sweeper === undefined ? [] : [() => startSweep({ sweeper, clock, log })],
    }
  },
})
