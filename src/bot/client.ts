/**
 * HTTP that does not give up at once. What was refused for now, or not answered, is asked again until it has failed for as
 * long as our patience lasts; so whatever is asked here must be harmless when it is done twice.
 */
import { Agent, request } from 'undici'
import type { Clock } from '../clock.ts'
import { BotError } from './bot-error.ts'

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly url: string
  readonly token?: string
  readonly json?: unknown
}

export interface Answer {
  readonly status: number
  /** Empty where the answer was no JSON object. */
  readonly body: Readonly<Record<string, unknown>>
}

export interface Client {
  /** Resolves with the first answer that is final. Rejects with a `BotError` where none came. */
  ask(call: Call): Promise<Answer>
  readonly repeats: Repeats
  /** Cuts off what is under way, and asks nothing again. */
  close(): Promise<void>
}

/** How often something was asked again, and why. */
export interface Repeats {
  /** A 429. */
  readonly tooMany: number
  /** A 503, or what a proxy says in its place. */
  readonly unavailable: number
  readonly unanswered: number
}

export interface ClientOptions {
  readonly connections: number
  readonly patienceSeconds: number
  readonly clock: Pick<Clock, 'now' | 'after'>
}

/** Longer than a server works on an answer: when it is asked again, it does not work on the last one any more. */
const answerMilliseconds = 10_000
/** In milliseconds, where nobody says how long. */
const shortWait = 250

/** Why there is no final answer yet. */
interface Later {
  readonly why: keyof Repeats
  readonly said: string
  /** Milliseconds. */
  readonly wait: number
}

/** The statuses that say `later`. */
const reasons: Readonly<Record<number, keyof Repeats>> = {
  429: 'tooMany',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
}

export function createClient({ connections, patienceSeconds, clock }: ClientOptions): Client {
  const dispatcher = new Agent({
    connections,
    headersTimeout: answerMilliseconds,
    bodyTimeout: answerMilliseconds,
  })
  const repeats = { tooMany: 0, unavailable: 0, unanswered: 0 }
  let isClosed = false

  async function tryOnce(call: Call): Promise<Answer | Later> {
    const { method, url, token, json } = call
    try {
      const response = await request(url, {
        dispatcher,
        method,
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      })
      const answer = {
        status: response.statusCode,
        body: readObject(await response.body.text()),
      }
      const why = reasons[answer.status]
      if (why === undefined) return answer
      const seconds = Number(response.headers['retry-after'])
      return { why, said: describe(answer), wait: seconds > 0 ? seconds * 1000 : shortWait }
    } catch (error) {
      const said = `no answer (${error instanceof Error ? error.message : 'for no reason'})`
      return { why: 'unanswered', said, wait: shortWait }
    }
  }

  return {
    repeats,
    async ask(call) {
      const deadline = clock.now() + patienceSeconds * 1000
      while (true) {
        const outcome = await tryOnce(call)
        if (!('why' in outcome)) return outcome
        const { why, said, wait } = outcome
        if (isClosed || clock.now() + wait > deadline)
          throw new BotError(
            `${call.method} ${call.url}: ${said}, for as long as --patience lasts.`,
          )
        repeats[why]++
        await new Promise<void>((resolve) => clock.after(wait, resolve))
      }
    },
    async close() {
      isClosed = true
      await dispatcher.destroy()
    },
  }
}

/** What an answer that should not have come says of itself. */
export function describe({ status, body }: Answer): string {
  return `${status} ${JSON.stringify([body.error, body.error_description].join(' '))}`
}

function readObject(text: string): Answer['body'] {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Answer['body']) : {} // or an array, without our fields
  } catch {
    return {}
  }
}
