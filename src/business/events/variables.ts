import { integer, readBy } from '../../variable-kinds.ts'

const businessWork = readBy('business', 'worker')

export const eventVariables = {
  /** Of each topic. */
  MAX_EVENTS: businessWork(integer(100_000, 1, 10_000_000)),
  FLUSH_INTERVAL_MILLISECONDS: businessWork(integer(200, 1, 60_000)),
}
