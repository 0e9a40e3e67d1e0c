/** What `./scripts/deadLetters` understands, and does. */
import type { DeadLetter, EventLog } from './event-log.ts'

export const usage = `Usage: deadLetters list
       deadLetters replay [id …]

Without ids all are replayed.`

/** Writes lines. */
export type Command = (events: EventLog, write: (line: string) => void) => Promise<void>

/** `undefined` where it is none. */
export function readCommand([name, ...ids]: readonly string[]): Command | undefined {
  if (name === 'list' && ids.length === 0) return list
  if (name !== 'replay' || !ids.every((id) => /^\d+-\d+$/.test(id))) return undefined
  return (events, write) => replay(events, write, new Set(ids))
}

const pageSize = 100

/** One JSON object a line: so nothing in a payload moves a cursor. */
async function list(events: EventLog, write: (line: string) => void): Promise<void> {
  for (const { id, reason, event } of await allOf(events)) {
    const { id: eventId, ...rest } = event
    write(JSON.stringify({ id, reason, event: eventId, ...rest }))
  }
}

async function replay(
  events: EventLog,
  write: (line: string) => void,
  ids: ReadonlySet<string>,
): Promise<void> {
  let count = 0
  try {
    for (const letter of await allOf(events)) {
      const isMeant = ids.size === 0 || ids.has(letter.id)
      if (isMeant && (await events.replay(letter))) count++
    }
  } finally {
    write(`Replayed: ${count}.`)
  }
}

/** All are read before any is replayed: a letter may be buried again at once, behind the others. */
async function allOf(events: EventLog): Promise<readonly DeadLetter[]> {
  const letters: DeadLetter[] = []
  while (true) {
    const page = await events.deadLetters({ after: letters.at(-1)?.id, limit: pageSize })
    letters.push(...page)
    if (page.length < pageSize) return letters
  }
}
