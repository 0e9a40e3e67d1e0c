/** What clients read of tasks. */
import { Refusal } from '../../http/refusal.ts'
import { choice, count, nullable, object, type TypeOf, text } from '../../http/shape.ts'
import { taskResult } from './task-kind.ts'
import { type Task, taskStates } from './task-store.ts'

export const taskAnswer = object({
  id: text(),
  kind: text(),
  state: choice(taskStates),
  /** Percent. */
  progress: count({ most: 100 }),
  /** `null` as long as it is not done. */
  result: nullable(taskResult),
  /** `null` where it has not failed. */
  error: nullable(text()),
  /** Unix seconds. */
  created_at: count(),
  updated_at: count(),
  tries: count(),
})

export function answerOf(task: Task): TypeOf<typeof taskAnswer> {
  const { id, kind, state, progress, result, error = null, createdAt, updatedAt, tries } = task
  return {
    ...{ id, kind, state, progress, error, tries },
    result: result === undefined ? null : taskResult.check(JSON.parse(result)),
    created_at: Math.floor(createdAt / 1000),
    updated_at: Math.floor(updatedAt / 1000),
  }
}

export function noSuchTask(): Refusal {
  return new Refusal('not_found', 'There is no such task.')
}
