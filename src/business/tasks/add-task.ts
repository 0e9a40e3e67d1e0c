/** `POST /compute` and `POST /string`: accepted at once, done later. */
import type { Clock } from '../../clock.ts'
import { endpoint } from '../../http/endpoint.ts'
import { Refusal } from '../../http/refusal.ts'
import { uuidV7 } from '../../uuid-v7.ts'
import type { CheckCaller } from '../caller.ts'
import { answerOf, taskAnswer } from './task-fields.ts'
import type { TaskKind } from './task-kind.ts'
import type { TaskStore } from './task-store.ts'

export interface AddDependencies {
  readonly checkCaller: CheckCaller
  readonly store: Pick<TaskStore, 'add'>
  readonly clock: Pick<Clock, 'now'>
  /** Called when there is one more. */
  readonly onAdded: () => void
}

export function addTask(
  { checkCaller, store, clock, onAdded }: AddDependencies,
  { name: kind, summary, input: shape }: TaskKind,
) {
  return endpoint({
    summary,
    access: 'user',
    refusals: ['too_many_requests'],
    body: { shape, formats: ['json'] },
    answers: { 202: taskAnswer },
  }).handle(async (call) => {
    const { id: owner } = await checkCaller(call)
    const input = JSON.stringify(await call.body())
    const task = await store.add({ id: uuidV7(clock.now()), owner, kind, input })
    if (task === undefined) throw tooManyOpen()
    onAdded()
    return { status: 202, headers: { Location: `/tasks/${task.id}` }, body: answerOf(task) }
  })
}

function tooManyOpen(): Refusal {
  const sentence = 'Too many of your tasks are not done yet.'
  return new Refusal('too_many_requests', sentence, { headers: { 'Retry-After': '1' } })
}
