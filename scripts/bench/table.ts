/** The figures, for people. */
import { type Figure, isReached } from './scenario.ts'

const headings = ['scenario', 'figure', 'value', 'goal', 'reached', 'detail']

export function formatTable(
  rows: readonly (readonly [scenario: string, figure: Figure])[],
): string {
  const cells = [headings, ...rows.map(([scenario, figure]) => cellsOf(scenario, figure))]
  const widths = headings.map((_, column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  )
  const lines = cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  return `${lines.join('\n')}\n`
}

function cellsOf(scenario: string, figure: Figure): string[] {
  const { name, value, unit, goal, detail = '' } = figure
  const reached = isReached(figure)
  const bound =
    goal === undefined ? '' : 'atLeast' in goal ? `≥ ${goal.atLeast}` : `≤ ${goal.atMost}`
  const answer = reached === undefined ? '' : reached ? 'yes' : 'no'
  return [scenario, name, `${formatNumber(value)} ${unit}`.trim(), bound, answer, detail]
}

function formatNumber(value: number): string {
  return Math.abs(value) >= 100
    ? Math.round(value).toLocaleString('en')
    : String(Number(value.toPrecision(3)))
}
