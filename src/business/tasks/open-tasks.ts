/** Tasks where events are: the adapter for Redis is loaded only where that is in use. */
import type { Clock } from '../../clock.ts'
import type { EventBacking } from '../../storage/backing.ts'
import { taskLimits as limits, type TaskStore } from './task-store.ts'

export async function openTasks(
  backing: EventBacking,
  { now }: Pick<Clock, 'now'>,
): Promise<TaskStore> {
  if (backing.kind === 'memory') {
    const { memoryTasks } = await import('./memory.ts')
    return memoryTasks({ now, limits })
  }
  const { redisTasks } = await import('./redis.ts')
  return redisTasks({ runner: backing.runner, limits })
}
