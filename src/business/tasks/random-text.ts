/** `string`: random text. Drawn from the task's id, which nobody can guess, so that doing it again gives the same. */
import { createHash } from 'node:crypto'
import { count, object } from '../../http/shape.ts'
import { taskKind } from './task-kind.ts'

export const randomText = taskKind({
  name: 'string',
  summary: 'Make random text',
  input: object({ length: count({ most: 10_000 }) }),
  perform: ({ length }, { id }) => ({ text: drawText(id, length) }),
})

/** Letters, digits, hyphens and underscores. */
export function drawText(seed: string, length: number): string {
  const outputLength = Math.ceil((length * 3) / 4)
  if (outputLength === 0) return ''
  const hash = createHash('shake256', { outputLength })
  return hash.update(seed).digest('base64url').slice(0, length)
}
