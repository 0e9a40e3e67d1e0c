import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { content } from '../../src/http/content.ts'
import { type Answers, type Declaration, endpoint, nothing } from '../../src/http/endpoint.ts'
import { openApiOf } from '../../src/http/openapi.ts'
import { route } from '../../src/http/router.ts'
import { count, object, optional, text } from '../../src/http/shape.ts'

const plain = { summary: 'Do it', access: 'anybody', answers: { 204: nothing } } as const

/** What the document says of one endpoint. */
function operationOf(declaration: Declaration<unknown, Answers>, path = '/things') {
  const act = endpoint(declaration).handle(() => {
    throw new TypeError('nobody calls it')
  })
  const document = openApiOf([route(path, { POST: act })], { title: 'Test', version: '1.2.3' })
  const [[documented, methods] = []] = Object.entries(document.paths as Record<string, never>)
  return { document, documented, ...(methods as unknown as { post: Operation }).post }
}

interface Operation {
  readonly operationId: string
  readonly parameters?: unknown
  readonly requestBody?: unknown
  readonly security: unknown
  readonly responses: Readonly<Record<string, unknown>>
}

describe('the API document', () => {
  it('says which API it describes, in which version', () => {
    const { document } = operationOf(plain)

    const { title, version } = document.info as Record<string, unknown>
    assert.deepEqual([document.openapi, title, version], ['3.1.0', 'Test', '1.2.3'])
  })

  it('names what stands in a path', () => {
    const found = operationOf(plain, '/users/:id/things/:name')

    assert.equal(found.documented, '/users/{id}/things/{name}')
    assert.equal(found.operationId, 'postUsersByIdThingsByName')
    const inPath = { in: 'path', required: true, schema: { type: 'string' } }
    assert.deepEqual(found.parameters, [
      { name: 'id', ...inPath },
      { name: 'name', ...inPath },
    ])
  })

  it('names the fields of a query', () => {
    const query = object({ limit: optional(count()), day: text({ maxLength: 10 }) })

    const { parameters } = operationOf({ ...plain, query })

    assert.deepEqual(parameters, [
      { name: 'limit', in: 'query', required: false, schema: { type: 'integer', minimum: 0 } },
      { name: 'day', in: 'query', required: true, schema: { type: 'string', maxLength: 10 } },
    ])
  })

  it('says in which formats a body may come, and what it is refused for', () => {
    const shape = object({ name: text() })

    const found = operationOf({ ...plain, body: { shape, formats: ['json', 'form'] } })

    const content = {
      'application/json': { schema: shape.schema },
      'application/x-www-form-urlencoded': { schema: shape.schema },
    }
    assert.deepEqual(found.requestBody, { required: true, content })
    assert.deepEqual(Object.keys(found.responses), ['204', '400', '413', '415', '500', '503'])
  })

  it('says what answers look like', () => {
    const shape = object({ name: text() })

    const { responses } = operationOf({
      ...plain,
      answers: { 200: shape, 202: content('text/csv'), 204: nothing },
    })

    const json = { 'application/json': { schema: shape.schema } }
    assert.deepEqual(responses[200], { description: 'OK', content: json })
    const csv = { 'text/csv': { schema: {} } }
    assert.deepEqual(responses[202], { description: 'Accepted', content: csv })
    assert.deepEqual(responses[204], { description: 'No Content' })
  })

  it('says who may call, and how others are refused', () => {
    const accesses = ['anybody', 'login', 'user', 'client', 'service'] as const

    const found = accesses.map((access) => {
      const { security, responses } = operationOf({ ...plain, access })
      const refused = Object.keys(responses).filter((status) => status > '400' && status < '500')
      return { access, security, refused }
    })

    assert.deepEqual(found, [
      { access: 'anybody', security: [], refused: [] },
      { access: 'login', security: [{}, { login: [] }], refused: ['401', '429'] },
      { access: 'user', security: [{ user: [] }], refused: ['401'] },
      { access: 'client', security: [{ client: [] }], refused: ['401'] },
      { access: 'service', security: [{ service: [] }], refused: ['401', '403'] },
    ])
  })

  it('says once what refusals of a status look like', () => {
    const { responses, document } = operationOf({ ...plain, refusals: ['invalid_grant', 'gone'] })

    assert.deepEqual(responses[400], {
      $ref: '#/components/responses/invalid_request.invalid_grant',
    })
    assert.deepEqual(responses[410], { $ref: '#/components/responses/gone' })
    const { responses: shared } = document.components as { responses: Record<string, object> }
    assert.deepEqual(Object.keys(shared), ['invalid_request.invalid_grant', 'server_error', 'gone'])
  })
})
