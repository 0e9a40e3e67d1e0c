/** auth's feed of account events, as business reads it. Asking is one thing, and judging the answer another. */
import { count, listOf, object, optional, type TypeOf, text } from '../../http/shape.ts'
import type { AccountEvent, EventPlace } from '../account-port.ts'
import {
  type AuthAnswer,
  type AuthConnection,
  type AuthPath,
  callTwice,
} from '../auth-connection.ts'
import type { ServiceToken } from '../service-token.ts'

export interface FeedPage {
  /** In order. */
  readonly events: readonly AccountEvent[]
  /** The cursor behind the last of them. */
  readonly next: string
}

/** Rejects where auth gave no such answer. */
export interface AccountFeed {
  /** The cursor behind all that has happened. */
  end(): Promise<string>
  /** What has happened since; where nothing has, waits for something. `undefined` where auth no longer has all of it. */
  after(cursor: string): Promise<FeedPage | undefined>
  /** What waits rejects at once. */
  close(): Promise<void>
}

export interface AccountFeedDependencies {
  readonly connection: AuthConnection
  /** Another one, on which an answer may take as much longer as auth is asked to wait. */
  readonly waitingConnection: AuthConnection
  readonly serviceToken: ServiceToken
  readonly waitSeconds: number
}

const maxEvents = 100

const pageAnswer = object({
  events: listOf(
    object({ type: text(), sub: text(), name: optional(text()), cursor: text(), at: count() }),
    { maxItems: maxEvents },
  ),
  next: text({ maxLength: 64 }),
})

export function createAccountFeed({
  connection,
  waitingConnection,
  serviceToken,
  waitSeconds,
}: AccountFeedDependencies): AccountFeed {
  async function ask(way: AuthConnection, path: AuthPath): Promise<AuthAnswer> {
    const askAs = (token: string) =>
      callTwice(() => way.get(path, { authorization: `Bearer ${token}` }))
    const first = serviceToken.held() ?? (await serviceToken.fetch())
    const answer = await askAs(first)
    if (answer.status !== 401) return answer
    serviceToken.forget(first)
    return await askAs(await serviceToken.fetch())
  }

  return {
    async end() {
      return readPage(await ask(connection, '/events')).next
    },
    async after(cursor) {
      const query =
        `after=${encodeURIComponent(cursor)}&limit=${maxEvents}&wait=${waitSeconds}` as const
      const answer = await ask(waitingConnection, `/events?${query}`)
      return answer.status === 410 ? undefined : readPage(answer)
    },
    async close() {
      await Promise.all([connection.close(), waitingConnection.close()])
    },
  }
}

/** Throws where the answer is no page; the message repeats nothing of it. Events of types that we don't know are left out. */
export function readPage({ status, text: json }: AuthAnswer): FeedPage {
  if (status !== 200) throw new Error(`auth answered ${status} to the question for account events`)
  let page: TypeOf<typeof pageAnswer>
  try {
    page = pageAnswer.check(JSON.parse(json))
  } catch {
    throw new Error('auth told account events in a form that cannot be read')
  }
  const events = page.events.map(({ cursor, at, ...event }) => ({
    ...event,
    place: { ...readCursor(cursor), at },
  }))
  return { next: page.next, events: events.filter(isKnown) }
}

function readCursor(cursor: string): Pick<EventPlace, 'epoch' | 'number'> {
  const [, epoch, number] = /^([^.]+)\.([0-9]{1,15})$/.exec(cursor) ?? []
  if (epoch !== undefined && number !== undefined) return { epoch, number: Number(number) }
  throw new Error('auth told an account event with a cursor that cannot be read')
}

const knownTypes: readonly string[] = [
  'deleted',
  'disabled',
  'enabled',
  'renamed',
] satisfies readonly AccountEvent['type'][]

function isKnown(event: {
  type: string
  sub: string
  name: string | undefined
  place: EventPlace
}): event is AccountEvent {
  return knownTypes.includes(event.type)
}
