/**
 * `GET /events`: what happened to accounts since the cursor that a follower brings, in order. Without a cursor it says
 * where the feed ends now, which is where to begin: first take the cursor, then read the accounts, then follow.
 */
import { endpoint } from '../../http/endpoint.ts'
import { Refusal } from '../../http/refusal.ts'
import { count, listOf, numeral, object, optional, text } from '../../http/shape.ts'
import { eventsScope } from '../account-port.ts'
import { checkServiceToken, type ServiceTokenDependencies } from '../check-service-token.ts'
import type { AccountEvent, AccountEvents, Position } from './account-events.ts'
import type { Waits } from './waits.ts'

const maxPage = 1_000
const maxWaitSeconds = 25

const query = object({
  after: optional(text({ maxLength: 64 })),
  limit: optional(numeral({ least: 1, most: maxPage })),
  wait: optional(numeral({ least: 0, most: maxWaitSeconds })),
})

const shownEvent = object({
  cursor: text(),
  type: text(),
  sub: text(),
  name: optional(text()),
  /** Unix seconds. */
  at: count(),
})

const page = object({
  events: listOf(shownEvent, { maxItems: maxPage }),
  /** The `after` of the next page. */
  next: text(),
})

export interface ShowEventsDependencies extends ServiceTokenDependencies {
  readonly events: Pick<AccountEvents, 'end' | 'after'>
  readonly waits: Waits
  /** Whether the client must also show a certificate. */
  readonly requiresCertificate: boolean
}

export function showEvents(dependencies: ShowEventsDependencies) {
  const { events, waits, requiresCertificate } = dependencies
  const rule = { scope: eventsScope, requiresCertificate }

  return endpoint({
    summary: 'Follow what happens to accounts',
    access: 'service',
    refusals: ['gone'],
    query,
    answers: { 200: page },
  }).handle(async (call) => {
    await checkServiceToken(dependencies, call, rule)
    const { after, limit = maxPage, wait = 0 } = call.query()
    if (after === undefined) {
      return { status: 200, body: { events: [], next: writeCursor(await events.end()) } }
    }
    const position = readCursor(after)
    let found = await read(position, limit)
    if (found.length === 0 && wait > 0) {
      await waits.forMore(call, { position, milliseconds: wait * 1000 })
      await checkServiceToken(dependencies, call, rule) // it may have ended meanwhile
      found = await read(position, limit)
    }
    return { status: 200, body: pageOf(found, position) }
  })

  async function read(position: Position, limit: number): Promise<readonly AccountEvent[]> {
    const found = await events.after(position, limit)
    if (found !== undefined) return found
    throw new Refusal('gone', 'Events behind this cursor are no longer kept: begin anew.')
  }
}

function pageOf(found: readonly AccountEvent[], { epoch, number: start }: Position) {
  const next = writeCursor({ epoch, number: found.at(-1)?.number ?? start })
  const events = found.map(({ number, at, ...event }) => ({
    ...event,
    cursor: writeCursor({ epoch, number }),
    at: Math.floor(at / 1000),
  }))
  return { events, next }
}

function writeCursor({ epoch, number }: Position): string {
  return `${epoch}.${number}`
}

function readCursor(cursor: string): Position {
  const [, epoch, number] = /^([0-9a-f-]{36})\.([0-9]{1,15})$/.exec(cursor) ?? []
  if (epoch !== undefined && number !== undefined) return { epoch, number: Number(number) }
  throw new Refusal('invalid_request', "The field 'after' is no cursor.")
}
