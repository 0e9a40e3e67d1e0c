/** What a task can be. Its name is said here once: those who add tasks and those who do them read it from the same object. */
import { count, either, object, type Shape, type TypeOf, text } from '../../http/shape.ts'

/** What a task came to: one of these, by its kind. */
export const taskResult = either(
  object({ primes: count() }),
  object({ text: text() }),
  (value) => 'text' in value,
)

export type TaskResult = TypeOf<typeof taskResult>

/** What whoever does a task is given. */
export interface Work {
  /** The id of the task: whoever does it, and however often, it comes to the same. */
  readonly id: string
  /** To be obeyed: nobody waits for the result any more. */
  readonly signal: AbortSignal
  readonly report: (percent: number) => void
}

export interface TaskKind {
  readonly name: string
  readonly summary: string
  readonly input: Shape<object>
  /** Does a task whose input was checked when it was added. */
  readonly perform: (input: string, work: Work) => Promise<TaskResult>
}

export function taskKind<I extends object>({
  perform,
  ...kind
}: Omit<TaskKind, 'input' | 'perform'> & {
  readonly input: Shape<I>
  readonly perform: (input: I, work: Work) => TaskResult | Promise<TaskResult>
}): TaskKind {
  return {
    ...kind,
    perform: async (input, work) => await perform(kind.input.check(JSON.parse(input)), work),
  }
}
