/** The README, for tests that compare it with what it describes. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.ts'

export const readme = readFileSync(join(root, 'README.md'), 'utf8')

/** The rows of the first table behind a sentence or a heading, cell by cell, without head and rule. */
export function tableAfter(sentence: string): string[][] {
  const lines = readme.slice(readme.indexOf(sentence)).split('\n')
  const first = lines.findIndex((line) => line.startsWith('|'))
  const length = lines.slice(first).findIndex((line) => !line.startsWith('|'))
  return lines
    .slice(first + 2, first + length)
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim().replaceAll('`', '')))
}
