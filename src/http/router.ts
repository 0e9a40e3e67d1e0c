/**
 * From a method and a request target to an endpoint. The path is cut by hand: `new URL` would resolve `..` and take
 * `//evil.test/data` for a host. Segments are split first and decoded after, so an escaped slash never becomes one.
 */
import { type Endpoint, endpoint, nothing, type Params } from './endpoint.ts'
import { Refusal } from './refusal.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export interface Route {
  readonly path: string
  readonly endpoints: Readonly<Partial<Record<Method, Endpoint>>>
}

/** A segment of `path` that begins with a colon stands for any segment but the empty one. */
export function route(path: string, endpoints: Route['endpoints']): Route {
  return { path, endpoints }
}

/** The endpoint, and the declared path for the log: what the client wrote as its path may be anything. */
export interface Match {
  readonly path: string
  readonly endpoint: Endpoint
  readonly params: Params
}

interface Entry {
  readonly path: string
  readonly segments: readonly string[]
  readonly matches: ReadonlyMap<string, Match>
  readonly allow: string
}

interface Found {
  readonly entry: Entry
  readonly params: Params
}

/** Throws a `Refusal`: 400 for a bad target, 404, or 405 with `Allow`. HEAD is answered by GET, OPTIONS by the table. */
export type Router = (method: string, target: string) => Match

export function createRouter(routes: readonly Route[]): Router {
  const all = new Map(routes.map((one) => [one.path, entryOf(one)]))
  if (all.size !== routes.length) throw new TypeError('a path stands twice in the route table')
  const patterns = [...all.values()].filter(isPattern)
  const entries = new Map([...all].filter(([, entry]) => !isPattern(entry)))
  const everything = entryOf({ path: '*', endpoints: {} })

  function find(target: string): Found {
    if (target === '*') return { entry: everything, params: noParams }
    const segments = segmentsOf(target)
    // A segment with a slash in it is no path of ours, though put together it might look like one.
    const isPlain = !segments.some((segment) => segment.includes('/'))
    const exact = isPlain ? entries.get(segments.join('/')) : undefined
    const entry = exact ?? patterns.find((pattern) => fits(pattern, segments))
    if (entry === undefined) throw new Refusal('not_found', 'There is nothing at this path.')
    return { entry, params: paramsOf(entry, segments) }
  }

  return (method, target) => {
    const written = entries.get(target)
    const { entry, params } =
      written === undefined ? find(target) : { entry: written, params: noParams }
    const match = entry.matches.get(method)
    if (match !== undefined) return params === noParams ? match : { ...match, params }
    throw new Refusal('method_not_allowed', `This path answers ${entry.allow}.`, {
      headers: { Allow: entry.allow },
    })
  }
}

function entryOf({ path, endpoints }: Route): Entry {
  const declared = Object.entries(endpoints).map(
    ([method, one]) => [method, { path, endpoint: one, params: noParams }] as const,
  )
  const matches = new Map<string, Match>(declared)
  const get = matches.get('GET')
  if (get !== undefined) matches.set('HEAD', get)
  const allow = [...matches.keys(), 'OPTIONS'].join(', ')
  const headers = { Allow: allow }
  const options = endpoint({
    summary: 'Say which methods there are',
    access: 'anybody',
    answers: { 204: nothing },
  }).handle(() => ({ status: 204, body: undefined, headers }))
  matches.set('OPTIONS', { path, endpoint: options, params: noParams })
  return { path, segments: path.split('/'), matches, allow }
}

/** Of a target that may have a query, escapes, a trailing slash, or be in absolute form (RFC 9112 §3.2.2). */
function segmentsOf(target: string): readonly string[] {
  const question = target.indexOf('?')
  const withoutQuery = question === -1 ? target : target.slice(0, question)
  const path = withoutQuery.replace(/^https?:\/\/[^/]*/i, '')
  const segments = path.split('/').map(decodeSegment)
  if (segments.length > 2 && segments.at(-1) === '') segments.pop()
  return segments
}

const noParams: Params = {}

function isPattern({ segments }: Entry): boolean {
  return segments.some((one) => one.startsWith(':'))
}

function fits({ segments: pattern }: Entry, segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((one, index) =>
      one.startsWith(':') ? segments[index] !== '' : one === segments[index],
    )
  )
}

function paramsOf({ segments: pattern }: Entry, segments: readonly string[]): Params {
  const named = pattern.flatMap((one, index) =>
    one.startsWith(':') ? [[one.slice(1), segments[index] ?? ''] as const] : [],
  )
  return named.length === 0 ? noParams : Object.fromEntries(named)
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch (cause) {
    throw new Refusal('invalid_request', 'The path has a bad escape.', { cause })
  }
}
