/**
 * Tasks: a port. Somebody adds a task and looks at it later; a worker claims it, tells how far it is, and settles it. A
 * claim is a lease: it ends where its worker is silent for too long, and then the task is another's. Whoever claims gets a
 * fence that is greater than all before it, so that a worker that comes back late can settle nothing. So a task is done
 * at least once, and what is filed as its result is filed once.
 *
 * Time is the store's. Faults: a method rejects with a `Refusal` of code `temporarily_unavailable`.
 */

export const taskStates = ['queued', 'running', 'done', 'failed', 'cancelled'] as const
/** The first two are open, the others are ends. */
export type TaskState = (typeof taskStates)[number]

export interface NewTask {
  /** A UUIDv7: later tasks have greater ids. */
  readonly id: string
  /** A user's id. Nobody else finds it. */
  readonly owner: string
  /** The name of a kind. */
  readonly kind: string
  /** JSON of that kind. */
  readonly input: string
}

export interface Task extends NewTask {
  readonly state: TaskState
  /** Percent. */
  readonly progress: number
  /** JSON; `undefined` as long as it is not done. */
  readonly result: string | undefined
  /** Why it failed, in words for its owner. */
  readonly error: string | undefined
  /** Epoch milliseconds. */
  readonly createdAt: number
  readonly updatedAt: number
  /** How often somebody has begun, not counted those who gave it back. */
  readonly tries: number
}

export interface Claim {
  readonly id: string
  readonly fence: number
}

export interface ClaimedTask extends Claim {
  readonly kind: string
  readonly input: string
  readonly tries: number
}

export interface PageOfTasks {
  readonly owner: string
  /** An id: only older tasks. Default: from the newest. */
  readonly before?: string
  /** Default: of every state. */
  readonly state?: TaskState
  readonly limit: number
}

export interface TaskStore {
  /**
   * `undefined`, and nothing filed, where the owner has too many open tasks. The same id twice is once. Where an owner has
   * too many tasks, the one of his that ended first makes room; where there are too many altogether, the one that ended
   * first, whosever it is. Refuses with 503 where there are too many, and all are open.
   */
  add(task: NewTask): Promise<Task | undefined>
  /**
   * A queued task, or one whose lease has ended: the one that is due for longest. Each task has one claimant at a time. One
   * that was tried too often fails instead.
   */
  claim(): Promise<ClaimedTask | undefined>
  /** Extends the lease. `false` where the task is not the claimant's any more: it was cancelled, or is another's. */
  progress(claim: Claim, percent: number): Promise<boolean>
  /** `false`, and nothing filed, likewise. Twice is once. */
  finish(claim: Claim, result: string): Promise<boolean>
  /** It is due again after so long, or has failed where it was tried too often. Likewise. */
  fail(claim: Claim, retryInMilliseconds: number): Promise<boolean>
  /** Gives it back: it is due at once, as if it had not been claimed. Likewise. */
  release(claim: Claim): Promise<boolean>
  /** `undefined` where its owner has no such task. One that has ended stays as it is. */
  cancel(id: string, owner: string): Promise<'cancelled' | 'ended' | undefined>
  find(id: string, owner: string): Promise<Task | undefined>
  /** Newest first. */
  list(page: PageOfTasks): Promise<readonly Task[]>
}

export interface TaskLimits {
  /** Altogether, in whatever state. */
  readonly maxTasks: number
  readonly maxOpenPerOwner: number
  /** Open and ended ones. More than the open ones. */
  readonly maxPerOwner: number
  readonly maxTries: number
  readonly leaseMilliseconds: number
  /** For how long a task is kept after its end. */
  readonly retentionMilliseconds: number
}

export const taskLimits: TaskLimits = {
  maxTasks: 20_000,
  maxOpenPerOwner: 10,
  maxPerOwner: 100,
  maxTries: 5,
  leaseMilliseconds: 10_000,
  retentionMilliseconds: 86_400_000,
}

/** What the owner of a task reads that failed. The reasons are for the log. */
export function failureOf({ maxTries }: Pick<TaskLimits, 'maxTries'>): string {
  return `It was tried ${maxTries} times and did not succeed.`
}
