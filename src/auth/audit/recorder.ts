/** From what is reported to what is kept: with a time and an id, without what may be secret, and of bounded length. */
import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import type { Report, SecurityEvent } from '../security-events.ts'
import { normaliseUsername } from '../usernames.ts'
import type { AuditEvent } from './audit-log.ts'
import type { Summaries } from './summaries.ts'
import type { Writer } from './writer.ts'

export interface RecorderDependencies {
  readonly writer: Pick<Writer, 'add'>
  readonly summaries: Summaries
  readonly now: () => number
  /** What user names are hashed under. Without it they are told apart for a while, and not kept. */
  readonly hashSecret: string | undefined
}

export interface Recorder {
  readonly hear: Report
  /** Passes on the repeated failures that were heard since the last time. */
  sumUp(): void
}

/** In UTF-16 units. All that is longer would be a mistake of ours, and no reason to keep nothing. */
const maxTextLength = 256
const maxDetailsLength = 4_096

export function createRecorder({
  writer,
  summaries,
  now,
  hashSecret,
}: RecorderDependencies): Recorder {
  const key = hashSecret ?? randomBytes(32)
  const accountOf = (username: string) =>
    createHmac('sha256', key).update(normaliseUsername(username)).digest('base64url')
  const publish = (event: AuditEvent) =>
    writer.add(hashSecret === undefined ? { ...event, account: undefined } : event)

  return {
    hear(reported) {
      const event = eventOf(reported, { at: now(), accountOf })
      if (isRepeatable(event)) summaries.add(event)
      else publish(event)
    },
    sumUp() {
      summaries.takeAll().forEach(publish)
    },
  }
}

function isRepeatable({ type }: AuditEvent): boolean {
  return type.endsWith('_failed') || type.endsWith('_refused')
}

function eventOf(
  { type, requestId, source, sub, actor, username, session, details }: SecurityEvent,
  { at, accountOf }: { at: number; accountOf: (username: string) => string },
): AuditEvent {
  // Hashed for those who are known too: nobody shall see by the time it takes who is.
  const account = username === undefined ? undefined : accountOf(username)
  return {
    id: randomUUID(),
    type: type.slice(0, maxTextLength),
    at,
    until: at,
    count: 1,
    requestId: requestId.slice(0, maxTextLength),
    source: source.slice(0, maxTextLength),
    sub: sub?.slice(0, maxTextLength),
    actor: actor?.slice(0, maxTextLength),
    account: sub === undefined ? account : undefined,
    session: session?.slice(0, maxTextLength),
    details: details && detailsOf(details),
  }
}

/** What would be cut in two is no JSON any more, so it is left out. */
function detailsOf(details: NonNullable<SecurityEvent['details']>): string {
  const json = JSON.stringify(details)
  return json.length <= maxDetailsLength ? json : '{"is_too_long":true}'
}
