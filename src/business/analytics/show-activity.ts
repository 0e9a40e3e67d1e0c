/** `GET /analytics/activity`: when the caller last made a request, as far as it is filed. */
import { endpoint } from '../../http/endpoint.ts'
import { count, nullable, object } from '../../http/shape.ts'
import type { CheckCaller } from '../caller.ts'
import type { ActivityStore } from './activity-store.ts'

const activityAnswer = object({
  /** Unix seconds; `null` where nothing is filed yet. */
  last_request_at: nullable(count()),
})

export interface ShowActivityDependencies {
  readonly checkCaller: CheckCaller
  readonly store: Pick<ActivityStore, 'lastOf'>
}

export function showActivity({ checkCaller, store }: ShowActivityDependencies) {
  return endpoint({
    summary: 'When you last made a request',
    access: 'user',
    answers: { 200: activityAnswer },
  }).handle(async (call) => {
    const { id } = await checkCaller(call)
    const at = await store.lastOf(id)
    const last_request_at = at === undefined ? null : Math.floor(at / 1000)
    return { status: 200, body: { last_request_at } }
  })
}
