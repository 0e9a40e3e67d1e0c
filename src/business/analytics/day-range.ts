/** Ranges of UTC days, written `YYYY-MM-DD`, as a query asks for them. */
import { Refusal } from '../../http/refusal.ts'

export interface DayRange {
  readonly from: string
  /** The last day, which belongs to it. */
  readonly to: string
}

const maxDays = 366
const millisecondsPerDay = 86_400_000

/** All its days, in order. Refuses what is no day, an end before its beginning, and more days than a year has. */
export function daysOf({ from, to }: DayRange): readonly string[] {
  const first = readDay(from, 'from')
  const length = (readDay(to, 'to') - first) / millisecondsPerDay + 1
  if (length < 1) throw new Refusal('invalid_request', "The field 'to' is before the field 'from'.")
  if (length > maxDays)
    throw new Refusal('invalid_request', `The range has more than ${maxDays} days.`)
  return Array.from({ length }, (_, day) => writeDay(first + day * millisecondsPerDay))
}

/** Its first instant. A parser of dates alone would take the 30th of February for the 2nd of March. */
function readDay(written: string, field: string): number {
  const at = /^\d{4}-\d\d-\d\d$/.test(written) ? Date.parse(`${written}T00:00:00Z`) : Number.NaN
  if (!Number.isNaN(at) && writeDay(at) === written) return at
  throw new Refusal('invalid_request', `The field '${field}' is no day, written YYYY-MM-DD.`)
}

function writeDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}
