/** What can be learnt of all that users do: likes by days, and when a user was last here. */
import { route } from '../../http/router.ts'
import { startPeriodicJob } from '../../periodic-job.ts'
import type { ContentBacking } from '../../storage/backing.ts'
import { type BusinessCore, businessCapability } from '../capability.ts'
import type { Validate } from '../validator.ts'
import type { ActivityStore } from './activity-store.ts'
import { type GatheredActivity, gatherActivity } from './gathered-activity.ts'
import { showActivity } from './show-activity.ts'
import { showLikes } from './show-likes.ts'

const flushMilliseconds = 5_000
const maxUsersPerFlush = 5_000

export const analytics = businessCapability({
  name: 'analytics',
  migrations: new URL('migrations/', import.meta.url),
  async register(core) {
    const store = await openActivity(core.content)
    const gathered = gatherActivity({ store, maxUsers: maxUsersPerFlush })
    return {
      validateBy: (validate) => noteCallers(validate, gathered, core.clock),
      routes: [
        route('/analytics/likes', { GET: showLikes(core) }),
        route('/analytics/activity', { GET: showActivity({ ...core, store }) }),
      ],
      jobs: [() => startFlushing(gathered, core)],
      async accountFollower({ type, sub }) {
        if (type !== 'deleted') return
        gathered.drop(sub)
        await store.forget(sub)
      },
    }
  },
})

async function openActivity(content: ContentBacking): Promise<ActivityStore> {
  if (content.kind === 'memory') {
    const { memoryActivity } = await import('./memory.ts')
    return memoryActivity()
  }
  const { postgresActivity } = await import('./postgres.ts')
  return postgresActivity(content)
}

const ignore = () => {}

/** Beside the answer to who asked, which waits for nothing here. */
export function noteCallers(
  validate: Validate,
  gathered: Pick<GatheredActivity, 'note'>,
  { now }: Pick<BusinessCore['clock'], 'now'>,
): Validate {
  const note = ({ sub }: { readonly sub: string }) => gathered.note(sub, now())
  return (token, call) => {
    const validated = validate(token, call)
    void validated.then(note, ignore)
    return validated
  }
}

/** The answer ends it, and files what is there. */
function startFlushing(gathered: GatheredActivity, { clock, log }: BusinessCore) {
  const complaint = 'the last requests of users were not filed yet'
  const stop = startPeriodicJob({
    ...{ clock, log, complaint, intervalMilliseconds: flushMilliseconds },
    work: () => gathered.flush(),
  })
  return async () => {
    stop()
    await gathered.flush()
  }
}
