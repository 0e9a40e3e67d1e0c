import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { content } from '../../src/http/content.ts'
import { nothing } from '../../src/http/endpoint.ts'
import { route } from '../../src/http/router.ts'
import { listOf, object, optional, text } from '../../src/http/shape.ts'
import { documentOf, judge } from './declared-answers.ts'
import { endpoint } from './endpoint.ts'

const thing = object({ id: text(), name: optional(text()) })
const act = endpoint({
  refusals: ['conflict'],
  answers: {
    200: object({ things: listOf(thing, { maxItems: 2 }) }),
    202: content('text/csv'),
    204: nothing,
  },
}).handle(() => {
  throw new TypeError('nobody calls it')
})
const document = documentOf([route('/things/:id', { GET: act })])

/** An answer to GET /things/1, or to another call. */
function answer(status: number, body: unknown, { path = '/things/1', method = 'GET' } = {}) {
  const response =
    body === undefined ? new Response(null, { status }) : Response.json(body, { status })
  return judge(document, { method, url: `http://x${path}`, response })
}

const refusal = { error: 'conflict', error_description: 'No.', request_id: '1' }

describe('an answer', () => {
  it('passes where it is as the document says', async () => {
    await answer(200, { things: [{ id: 'a', name: 'b' }, { id: 'c' }] })
    await answer(200, { things: [] }, { path: '/things/1/?a=b' })
    await answer(204, undefined)
    await answer(409, refusal)
    await answer(404, refusal, { path: '/nowhere' })
    await answer(405, refusal, { method: 'PUT' })
    await answer(204, undefined, { method: 'OPTIONS' })
  })

  it('fails with a status that is not declared', async () => {
    await assert.rejects(answer(201, { things: [] }), /GET \/things\/1: 201 is not declared/)
    await assert.rejects(answer(410, refusal), /is not declared/)
    await assert.rejects(answer(200, {}, { path: '/nowhere' }), /is not declared/)
  })

  it('fails with a body that lacks a field, or has one of another form', async () => {
    await assert.rejects(answer(200, {}), /another body/)
    await assert.rejects(answer(200, { things: [{ id: 1 }] }), /another body/)
    await assert.rejects(answer(404, { error: 'not_found' }, { path: '/x' }), /another body/)
  })

  it('fails with a field that nobody declared, however deep', async () => {
    await assert.rejects(answer(200, { things: [], more: 1 }), /another body/)
    await assert.rejects(answer(200, { things: [{ id: 'a', secret: 'b' }] }), /another body/)
  })

  it('fails with the code of another refusal', async () => {
    await assert.rejects(answer(409, { ...refusal, error: 'gone' }), /another body/)
  })

  it('fails with a body where there is to be none, or one of another type', async () => {
    await assert.rejects(answer(202, {}), /is application\/json, which is not declared/)
    const response = new Response('a,b', { headers: { 'content-type': 'text/csv' } })
    const received = { method: 'GET', url: 'http://x/things/1', response }
    await assert.rejects(judge(document, received), /is text\/csv, which is not declared/)
  })
})
