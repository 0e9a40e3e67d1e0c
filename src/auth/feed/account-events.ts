/** What followers of accounts are told, and the port behind which it is kept for them. */
import type { AccountChange, ChangeFollower } from '../account-port.ts'

const followedTypes = ['deleted', 'disabled', 'enabled', 'renamed'] as const
export type FollowedType = (typeof followedTypes)[number]

export interface AccountEvent {
  /** That of the one before, plus one. */
  readonly number: number
  readonly type: FollowedType
  /** The user's id. */
  readonly sub: string
  /** What others see of the user by then; `undefined` where there is nobody any more. */
  readonly name: string | undefined
  /** Epoch milliseconds. */
  readonly at: number
}

/** How far a follower has read. */
export interface Position {
  /** Of one series of numbers. Another series has another. */
  readonly epoch: string
  /** Of the last event that was read; 0 before the first. */
  readonly number: number
}

/** Faults are refusals of code `temporarily_unavailable`. */
export interface AccountEvents extends ChangeFollower {
  /** Where who has read everything is now. */
  end(): Promise<Position>
  /**
   * Copies of those after this position, in order, at most `limit`. Whoever reads on from the last of them misses none,
   * also of transactions that are under way. `undefined` where some are no longer kept, or where it is no position here.
   */
  after(position: Position, limit: number): Promise<readonly AccountEvent[] | undefined>
  /** Removes those that are older, up to the first that is not, at most `limit`. Answers how many. */
  forget(olderThanMilliseconds: number, limit: number): Promise<number>
}

/** What followers are told of a change, if anything. */
export function eventOf(change: AccountChange): Omit<AccountEvent, 'number'> | undefined {
  const { type: changeType, userId: sub, name, at } = change
  const type = followedTypes.find((one) => one === changeType)
  return type && { type, sub, name, at }
}
