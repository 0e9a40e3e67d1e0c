/** `GET /tasks`, `GET /tasks/:id` and `DELETE /tasks/:id`: one's own. */
import { endpoint, nothing } from '../../http/endpoint.ts'
import { mostPerPage, pageFields, readPageById } from '../../http/page.ts'
import { Refusal } from '../../http/refusal.ts'
import { choice, listOf, nullable, object, optional, text } from '../../http/shape.ts'
import type { CheckCaller } from '../caller.ts'
import { answerOf, noSuchTask, taskAnswer } from './task-fields.ts'
import { type TaskStore, taskStates } from './task-store.ts'

export interface OwnDependencies {
  readonly checkCaller: CheckCaller
  readonly store: Pick<TaskStore, 'find' | 'list' | 'cancel'>
}

const query = object({ ...pageFields, state: optional(choice(taskStates)) })

const page = object({
  items: listOf(taskAnswer, { maxItems: mostPerPage }),
  /** The `after` of the next page; `null` where this is the last. */
  next_cursor: nullable(text()),
})

export function listTasks({ checkCaller, store }: OwnDependencies) {
  return endpoint({
    summary: "List one's tasks, newest first",
    access: 'user',
    query,
    answers: { 200: page },
  }).handle(async (call) => {
    const { id: owner } = await checkCaller(call)
    const { state } = call.query()
    const { asked, cut } = readPageById(call)
    const wanted = { owner, ...asked, ...(state === undefined ? {} : { state }) }
    const { shown, nextCursor } = cut(await store.list(wanted))
    return { status: 200, body: { items: shown.map(answerOf), next_cursor: nextCursor } }
  })
}

export function showTask({ checkCaller, store }: OwnDependencies) {
  return endpoint({
    summary: 'Look at a task',
    access: 'user',
    refusals: ['not_found'],
    answers: { 200: taskAnswer },
  }).handle(async (call) => {
    const { id: owner } = await checkCaller(call)
    const found = await store.find(call.param('id'), owner)
    if (found === undefined) throw noSuchTask()
    return { status: 200, body: answerOf(found) }
  })
}

export function cancelTask({ checkCaller, store }: OwnDependencies) {
  return endpoint({
    summary: 'Cancel a task',
    access: 'user',
    refusals: ['not_found', 'conflict'],
    answers: { 204: nothing },
  }).handle(async (call) => {
    const { id: owner } = await checkCaller(call)
    const outcome = await store.cancel(call.param('id'), owner)
    if (outcome === undefined) throw noSuchTask()
    if (outcome === 'ended') throw new Refusal('conflict', 'The task has ended already.')
    return { status: 204, body: undefined }
  })
}
