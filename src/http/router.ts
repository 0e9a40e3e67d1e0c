/**
 * From a method and a request target to an endpoint. The path is cut by hand: `new URL` would resolve `..` and take
 * `//evil.test/data` for a host. Segments are split first and decoded after, so an escaped slash never becomes one.
 */
import { type Endpoint, endpoint, nothing } from './endpoint.ts'
import { Refusal } from './refusal.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export interface Route {
  readonly path: string
  readonly endpoints: Readonly<Partial<Record<Method, Endpoint>>>
}

export function route(path: string, endpoints: Route['endpoints']): Route {
  return { path, endpoints }
}

/** The endpoint, and the declared path for the log: what the client wrote as its path may be anything. */
export interface Match {
  readonly path: string
  readonly endpoint: Endpoint
}

interface Entry {
  readonly path: string
  readonly matches: ReadonlyMap<string, Match>
  readonly allow: string
}

/** Throws a `Refusal`: 400 for a bad target, 404, or 405 with `Allow`. HEAD is answered by GET, OPTIONS by the table. */
export type Router = (method: string, target: string) => Match

export function createRouter(routes: readonly Route[]): Router {
  const entries = new Map(routes.map((one) => [one.path, entryOf(one)]))
  if (entries.size !== routes.length) throw new TypeError('a path stands twice in the route table')
  const everything = entryOf({ path: '*', endpoints: {} })

  return (method, target) => {
    const entry =
      entries.get(target) ??
      findSlowly(entries, target) ??
      (target === '*' ? everything : undefined)
    if (entry === undefined) throw new Refusal('not_found', 'There is nothing at this path.')
    const match = entry.matches.get(method)
    if (match !== undefined) return match
    throw new Refusal('method_not_allowed', `This path answers ${entry.allow}.`, {
      headers: { Allow: entry.allow },
    })
  }
}

function entryOf({ path, endpoints }: Route): Entry {
  const declared = Object.entries(endpoints).map(
    ([method, one]) => [method, { path, endpoint: one }] as const,
  )
  const matches = new Map<string, Match>(declared)
  const get = matches.get('GET')
  if (get !== undefined) matches.set('HEAD', get)
  const allow = [...matches.keys(), 'OPTIONS'].join(', ')
  const headers = { Allow: allow }
  const options = endpoint({ answers: { 204: nothing } }).handle(() => ({
    status: 204,
    body: undefined,
    headers,
  }))
  matches.set('OPTIONS', { path, endpoint: options })
  return { path, matches, allow }
}

/** For a target with a query, escapes, a trailing slash, or in absolute form (RFC 9112 §3.2.2). */
function findSlowly(entries: ReadonlyMap<string, Entry>, target: string): Entry | undefined {
  const question = target.indexOf('?')
  const withoutQuery = question === -1 ? target : target.slice(0, question)
  const path = withoutQuery.replace(/^https?:\/\/[^/]*/i, '')
  const segments = path.split('/').map(decodeSegment)
  if (segments.length > 2 && segments.at(-1) === '') segments.pop()
  return segments.some((segment) => segment.includes('/'))
    ? undefined
    : entries.get(segments.join('/'))
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch (cause) {
    throw new Refusal('invalid_request', 'The path has a bad escape.', { cause })
  }
}
