/**
 * Holds what tests receive by `fetch` from servers of ours against the API document of the server: a status that is not
 * declared, or a body that has more or less than it should, fails the test. It is also told when the process ends, for
 * tests that swallow errors.
 */
import assert from 'node:assert/strict'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { openApiOf } from '../../src/http/openapi.ts'
import type { Route } from '../../src/http/router.ts'

type Json = Readonly<Record<string, unknown>>

export interface Received {
  readonly method: string
  readonly url: string
  readonly response: Response
}

export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { responses: Json }>>>>
  readonly components: { readonly responses: Json; readonly schemas: Json }
}

interface Declared {
  readonly content?: Readonly<Record<string, { readonly schema: Json }>>
}

/** By origin. `undefined` where a server ended before it could be asked. */
const documents = new Map<string, () => Promise<ApiDocument | undefined>>()
const plainFetch = globalThis.fetch
let undeclared = 0

/** From now on, until the process ends. Where its routes are not at hand, the server is asked for its document. */
export function holdToDocument(serverUrl: string, routes?: readonly Route[]): void {
  let document: Promise<ApiDocument | undefined> | undefined
  const read = async () =>
    routes === undefined ? await askForDocument(serverUrl) : documentOf(routes)
  documents.set(new URL(serverUrl).origin, () => (document ??= read()))
  globalThis.fetch = judgingFetch
}

process.on('exit', () => {
  if (undeclared === 0) return
  process.stderr.write(`${undeclared} answers were not as the API document declares them.\n`)
  process.exitCode = 1
})

export function documentOf(routes: readonly Route[]): ApiDocument {
  return openApiOf(routes, { title: '', version: '' }) as unknown as ApiDocument // as it is made
}

async function askForDocument(url: string): Promise<ApiDocument | undefined> {
  const response = await plainFetch(`${url}/openapi.json`).catch(() => undefined)
  return response?.status === 200 ? ((await response.json()) as ApiDocument) : undefined // ours
}

const judgingFetch: typeof fetch = async (input, init) => {
  const response = await plainFetch(input, init)
  const { url, method } = input instanceof Request ? input : { url: String(input), method: 'GET' }
  const document = await documents.get(new URL(url).origin)?.()
  if (document === undefined) return response
  try {
    await judge(document, { url, method: init?.method ?? method, response })
  } catch (error) {
    undeclared++
    throw error
  }
  return response
}

/** What any request may be refused with before its route is known. */
const refusedAnywhere = [400, 404, 405, 408, 415, 431]

/** Rejects where it is not as declared. */
export async function judge(
  document: ApiDocument,
  { method, url, response }: Received,
): Promise<void> {
  const { status, headers } = response
  const name = `${method} ${new URL(url).pathname}: ${status}`
  const declared = findAnswer(document, { method, url, response })
  if (declared === undefined) {
    const isAnywhere = refusedAnywhere.includes(status) || method === 'OPTIONS'
    assert.ok(isAnywhere, `${name} is not declared`)
  }
  if (method === 'HEAD' || method === 'OPTIONS') return
  const body = Buffer.from(await response.clone().arrayBuffer())
  const content = declared === undefined ? errors : Object.entries(declared.content ?? {})
  if (content.length === 0) return assert.equal(body.length, 0, `${name} has a body`)
  const given = headers.get('content-type') ?? ''
  const [, found] = content.find(([type]) => covers(type, given)) ?? []
  assert.ok(found !== undefined, `${name} is ${given}, which is not declared`)
  if (given !== 'application/json' || Object.keys(found.schema).length === 0) return
  const check = checkOf(found.schema, document)
  const isDeclared = check(JSON.parse(body.toString('utf8')))
  assert.ok(isDeclared, `${name} has another body than declared: ${JSON.stringify(check.errors)}`)
}

const errors = [
  ['application/json', { schema: { $ref: '#/components/schemas/Error' } }],
] as const satisfies readonly (readonly [string, { schema: Json }])[]

/** What is declared may leave parameters open, or the whole type. */
function covers(declared: string, given: string): boolean {
  const [type] = given.split(';')
  return ['*/*', type, given].includes(declared)
}

function findAnswer(document: ApiDocument, { method, url, response }: Received) {
  const path = new URL(url).pathname.replace(/(.)\/$/, '$1')
  const patterns = Object.keys(document.paths)
  const pattern = patterns.includes(path) ? path : patterns.find((one) => fits(one, path))
  const methods = document.paths[pattern ?? ''] ?? {}
  const operation = methods[method === 'HEAD' ? 'get' : method.toLowerCase()]
  const answer = operation?.responses[response.status] as (Declared & { $ref?: string }) | undefined
  if (answer?.$ref === undefined) return answer
  return document.components.responses[answer.$ref.split('/').at(-1) ?? ''] as Declared
}

function fits(pattern: string, path: string): boolean {
  const source = pattern.replace(/[.\\]/g, '\\$&').replace(/\{\w+\}/g, '[^/]+')
  return new RegExp(`^${source}$`).test(path)
}

const ajv = new Ajv2020({ strict: false, allErrors: true })
const checks = new Map<string, ValidateFunction>()

function checkOf(schema: Json, { components }: ApiDocument): ValidateFunction {
  const key = JSON.stringify(schema)
  const known = checks.get(key)
  if (known !== undefined) return known
  const check = ajv.compile({ ...(closed(schema) as Json), components })
  checks.set(key, check)
  return check
}

/** The same, but without place for more than is declared: what nobody declared may be what nobody should see. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const { allOf, ...rest } = schema as Json // its parts each know only some of the fields
  const parts = Object.entries(rest).map(([name, part]) => [name, closed(part)])
  const isObject = rest.type === 'object' && 'properties' in rest
  return {
    ...(Object.fromEntries(parts) as Json),
    ...(allOf === undefined ? {} : { allOf }),
    ...(isObject ? { additionalProperties: false } : {}),
  }
}
