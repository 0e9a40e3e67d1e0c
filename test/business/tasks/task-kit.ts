/** What the cases of the contract of tasks share. */
import assert from 'node:assert/strict'
import type {
  Claim,
  ClaimedTask,
  NewTask,
  TaskLimits,
  TaskStore,
} from '../../../src/business/tasks/task-store.ts'
import { uuidV7 } from '../../../src/uuid-v7.ts'
import type { Case } from '../../storage/contract.ts'

export interface OpenedTasks {
  /** With the limits of the servers. */
  readonly store: TaskStore
  /** The same tasks under other limits. */
  readonly under: (limits: Partial<TaskLimits>) => TaskStore
  /** Lets time pass for the store. */
  readonly pass: (milliseconds: number) => Promise<void>
}

export type TaskCase = Case<OpenedTasks>

export const owner = '0192f0c1-0000-7000-8000-00000000000a'

let created = 1_700_000_000_000

/** Each later than the one before. */
export function newTask(fields: Partial<NewTask> = {}): NewTask {
  const input = JSON.stringify({ below: 10 })
  return { id: uuidV7(created++), owner, kind: 'compute', input, ...fields }
}

export async function add(store: TaskStore, fields: Partial<NewTask> = {}): Promise<NewTask> {
  const task = newTask(fields)
  assert.notEqual(await store.add(task), undefined)
  return task
}

export async function addMany(store: TaskStore, length: number): Promise<string[]> {
  const ids: string[] = []
  for (let added = 0; added < length; added++) ids.push((await add(store)).id)
  return ids
}

/** Claims what must be there. */
export async function claim(store: TaskStore): Promise<ClaimedTask> {
  const claimed = await store.claim()
  assert.ok(claimed !== undefined, 'nothing to claim')
  return claimed
}

export async function addAndClaim(store: TaskStore): Promise<Claim> {
  const { id } = await add(store)
  const claimed = await claim(store)
  assert.equal(claimed.id, id)
  return claimed
}

export async function finishOne(store: TaskStore, result = '{"primes":4}'): Promise<string> {
  const claimed = await addAndClaim(store)
  assert.equal(await store.finish(claimed, result), true)
  return claimed.id
}

export async function stateOf(store: TaskStore, id: string): Promise<string | undefined> {
  return (await store.find(id, owner))?.state
}

export async function listedIds(store: TaskStore, page: object = {}): Promise<string[]> {
  return (await store.list({ owner, limit: 100, ...page })).map(({ id }) => id)
}
