/**
 * The API document of a route table, OpenAPI 3.1: made of what the endpoints declare, so that it says what they do. Their
 * schemas are written out where they are used; what all have in common, their refusals, stands once.
 */
import { STATUS_CODES } from 'node:http'
import { mediaTypes } from './body.ts'
import { type Access, type BodyDeclaration, type Endpoint, nothing } from './endpoint.ts'
import { errorAnswer, type RefusalCode, refusals } from './refusal.ts'
import type { Route } from './router.ts'
import type { Shape } from './shape.ts'

type Json = Readonly<Record<string, unknown>>

export interface ApiInfo {
  readonly title: string
  readonly version: string
}

const description = [
  'Each refusal is an object with a code (`error`), a sentence and the id of the request.',
  'What is no proper request is refused with 400, 405, 408, 415 or 431 wherever it goes, and a fault of ours is 500.',
].join(' ')

export function openApiOf(routes: readonly Route[], { title, version }: ApiInfo): Json {
  const responses = new Map<string, Json>()
  const paths = routes.map(({ path, endpoints }) => [
    path.replace(/:([^/]+)/g, '{$1}'),
    Object.fromEntries(
      Object.entries(endpoints).map(([method, one]) => [
        method.toLowerCase(),
        operationOf(one, { method, path }, responses),
      ]),
    ),
  ])
  return {
    openapi: '3.1.0',
    info: { title, version, description },
    paths: Object.fromEntries(paths) as Json, // of the pairs just above
    components: {
      responses: Object.fromEntries(responses),
      schemas: { Error: errorAnswer.schema },
      securitySchemes,
    },
  }
}

const securitySchemes = {
  login: {
    type: 'http',
    scheme: 'basic',
    description: 'The user name and the password of a user.',
  },
  user: { type: 'http', scheme: 'bearer', description: 'The token of a user who has logged in.' },
  client: { type: 'http', scheme: 'basic', description: 'The id and the secret of a client.' },
  service: { type: 'http', scheme: 'bearer', description: 'The service token of a client.' },
}

/** An empty requirement: it may also do without, and show what it has in the body. */
const securityOf: Readonly<Record<Access, readonly Json[]>> = {
  anybody: [],
  login: [{}, { login: [] }],
  user: [{ user: [] }],
  client: [{ client: [] }],
  service: [{ service: [] }],
}

const always: readonly RefusalCode[] = ['invalid_request', 'server_error']
const withBody: readonly RefusalCode[] = [
  'content_too_large',
  'unsupported_media_type',
  'temporarily_unavailable',
]
const byAccess: Readonly<Record<Access, readonly RefusalCode[]>> = {
  anybody: [],
  login: ['invalid_credentials', 'too_many_requests', 'temporarily_unavailable'],
  user: ['missing_token', 'invalid_token', 'temporarily_unavailable'],
  client: ['invalid_client', 'temporarily_unavailable'],
  service: ['missing_token', 'invalid_token', 'insufficient_scope', 'temporarily_unavailable'],
}

interface Place {
  readonly method: string
  readonly path: string
}

/** `responses` are the components, to which it adds its own. */
function operationOf(
  { summary, access, query, body, answers, ...more }: Endpoint,
  { method, path }: Place,
  responses: Map<string, Json>,
): Json {
  const codes = new Set([
    ...always,
    ...byAccess[access],
    ...(body === undefined ? [] : withBody),
    ...(more.refusals ?? []),
  ])
  const parameters = [...pathParameters(path), ...queryParameters(query)]
  const answered = Object.entries(answers).map(([status, shape]) => [
    status,
    answerOf(Number(status), shape),
  ])
  const refused = [...byStatus(codes)].map(([status, its]) => [status, refusalOf(its, responses)])
  return {
    operationId: idOf({ method, path }),
    tags: [path.split('/')[1]],
    summary,
    security: securityOf[access],
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { required: access !== 'login', content: contentOf(body) } }),
    responses: Object.fromEntries([...answered, ...refused]) as Json, // of pairs
  }
}

/** `POST /posts/:id` is `postPostsById`. */
function idOf({ method, path }: Place): string {
  const words = path.replaceAll(':', 'by-').split(/[^A-Za-z0-9]+/)
  return (
    method.toLowerCase() + words.map((one) => one.slice(0, 1).toUpperCase() + one.slice(1)).join('')
  )
}

function pathParameters(path: string): readonly Json[] {
  const names = [...path.matchAll(/:([^/]+)/g)].map(([, name]) => name)
  return names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }))
}

function queryParameters(query: Shape<unknown> | undefined): readonly Json[] {
  const { properties = {}, required = [] } = (query?.schema ?? {}) as {
    properties?: Json
    required?: readonly string[]
  } // a query is an object
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }))
}

function contentOf({ shape, formats }: BodyDeclaration<unknown>): Json {
  return Object.fromEntries(formats.map((one) => [mediaTypes[one], { schema: shape.schema }]))
}

function answerOf(status: number, shape: Shape<unknown>): Json {
  const description = STATUS_CODES[status] ?? String(status)
  if (shape === nothing) return { description }
  return { description, content: Object.fromEntries(contentsOf(shape)) }
}

/** By their media types: those that are not JSON stand beside it. */
function contentsOf(shape: Shape<unknown>): readonly (readonly [string, Json])[] {
  const { schema, mediaType = mediaTypes.json, alternatives = [] } = shape
  if (alternatives.some((one) => one.mediaType !== undefined))
    return alternatives.flatMap(contentsOf)
  return [[mediaType, { schema }]]
}

function byStatus(codes: Iterable<RefusalCode>): ReadonlyMap<number, readonly RefusalCode[]> {
  const found = new Map<number, RefusalCode[]>()
  for (const code of codes) {
    const { status } = refusals[code]
    found.set(status, [...(found.get(status) ?? []), code])
  }
  return found
}

/** A reference to the response of these codes, which have one status. */
function refusalOf(codes: readonly RefusalCode[], responses: Map<string, Json>): Json {
  const name = codes.join('.')
  const error = { properties: { error: { enum: codes } } }
  const headers = Object.fromEntries(codes.flatMap(headersOf))
  const schema = { allOf: [{ $ref: '#/components/schemas/Error' }, error] }
  responses.set(name, {
    description: codes.join(', '),
    ...(Object.keys(headers).length > 0 && { headers }),
    content: { [mediaTypes.json]: { schema } },
  })
  return { $ref: `#/components/responses/${name}` }
}

function headersOf(code: RefusalCode): readonly (readonly [string, Json])[] {
  const refusal: { status: number; challenge?: string } = refusals[code]
  const schema = { type: 'string' }
  if (refusal.challenge !== undefined) return [['WWW-Authenticate', { schema }]]
  return refusal.status === 429 || refusal.status === 503 ? [['Retry-After', { schema }]] : []
}
