import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { checkShape, endpoint, nothing } from '../../src/http/endpoint.ts'
import { singleHeader } from '../../src/http/headers.ts'
import { object, text } from '../../src/http/shape.ts'
import { callOf } from '../kit/calls.ts'

const declaration = { shape: object({ name: text() }), formats: ['json'] } as const
const json = ['Content-Type', 'application/json', 'Transfer-Encoding', 'chunked']

describe('a header', () => {
  it('is found by its lower-case name in whatever case it came', () => {
    const rawHeaders = ['Host', 'a', 'TOKEN', 'b', 'x-empty', '']

    assert.equal(singleHeader(rawHeaders, 'host'), 'a')
    assert.equal(singleHeader(rawHeaders, 'token'), 'b')
    assert.equal(singleHeader(rawHeaders, 'x-empty'), '')
  })

  it('is not mistaken for the value of another', () => {
    assert.equal(singleHeader(['x', 'token', 'token2', 'a', 'toke', 'b'], 'token'), undefined)
  })

  it('that stands twice is refused by name, not by content', () => {
    const rawHeaders = ['Token', 'planted', 'Host', 'a', 'tOKEN', 'planted']

    assert.throws(() => callOf({ rawHeaders }).header('token'), {
      code: 'invalid_request',
      status: 400,
      message: "The header 'token' stands twice.",
    })
    assert.equal(callOf({ rawHeaders }).header('host'), 'a')
  })

  it('that stands twice empty is refused too', () => {
    assert.throws(() => singleHeader(['token', '', 'token', ''], 'token'), { status: 400 })
  })
})

describe('a call', () => {
  it('has a body where its headers say so', () => {
    const hasBody = (...rawHeaders: string[]) => callOf({ rawHeaders }).hasBody

    assert.equal(hasBody('Content-Length', '1'), true)
    assert.equal(hasBody('Transfer-Encoding', 'chunked'), true)
    assert.equal(hasBody('Content-Length', '0'), false)
    assert.equal(hasBody('Content-Type', 'application/json'), false)
    assert.equal(hasBody(), false)
  })

  it('reads its body as its endpoint declares it', async () => {
    const call = callOf({ rawHeaders: json, body: '{"name":"a","extra":1}' }, declaration)

    const body = await call.body()

    assert.deepEqual(body, { name: 'a' })
  })

  it('is refused without a body', async () => {
    const call = callOf({ rawHeaders: ['Content-Type', 'application/json'] }, declaration)

    const untyped = callOf({}, declaration)

    await assert.rejects(call.body(), { status: 400, message: 'The body is missing.' })
    await assert.rejects(untyped.body(), { status: 400, message: 'The body is missing.' })
  })

  it('is refused for a body of another type', async () => {
    const rawHeaders = ['Content-Type', 'text/plain', 'Content-Length', '12']
    const call = callOf({ rawHeaders, body: '{"name":"a"}' }, declaration)

    await assert.rejects(call.body(), { status: 415 })
  })

  it('is refused for a content type or an encoding that stands twice', async () => {
    const twice = [...json, 'content-type', 'application/json']
    const encodedTwice = [...json, 'Content-Encoding', 'identity', 'Content-Encoding', 'identity']

    const call = callOf({ rawHeaders: twice, body: '{"name":"a"}' }, declaration)
    const encoded = callOf({ rawHeaders: encodedTwice, body: '{"name":"a"}' }, declaration)

    await assert.rejects(call.body(), { message: "The header 'content-type' stands twice." })
    await assert.rejects(encoded.body(), { message: "The header 'content-encoding' stands twice." })
  })

  it('is refused for a field that is wrong, missing or doubled', async () => {
    const bodyOf = (body: string) => callOf({ rawHeaders: json, body }, declaration).body()

    await assert.rejects(bodyOf('{"name":1}'), { message: "The field 'name' must be a string." })
    await assert.rejects(bodyOf('{}'), { message: "The field 'name' is missing." })
    await assert.rejects(bodyOf('{"name":"a","name":"a"}'), { status: 400 })
  })

  it('takes 16 KiB of body and not one byte more', async () => {
    const bodyOf = (length: number) => {
      const body = `{"name":"${'a'.repeat(length - 11)}"}`
      return callOf({ rawHeaders: json, body }, declaration).body()
    }

    const { name } = await bodyOf(16_384)

    assert.equal(name.length, 16_373)
    await assert.rejects(bodyOf(16_385), { code: 'content_too_large', status: 413 })
  })

  it('takes what its endpoint allows where that is something else', async () => {
    const small = { ...declaration, maxBytes: 12 }

    const body = await callOf({ rawHeaders: json, body: '{"name":"a"}' }, small).body()
    const tooLong = callOf({ rawHeaders: json, body: '{"name":"ab"}' }, small).body()

    assert.deepEqual(body, { name: 'a' })
    await assert.rejects(tooLong, { message: 'The body is longer than 12 bytes.' })
  })

  it('has no body to read where its endpoint declares none', async () => {
    await assert.rejects(callOf({ rawHeaders: json, body: '{}' }).body(), TypeError)
  })
})

describe('an endpoint', () => {
  it('is its declaration and its handler', () => {
    const handler = () => ({ status: 204, body: undefined }) as const
    const said = { summary: 'Do it', access: 'anybody', answers: { 204: nothing } } as const

    const made = endpoint({ ...said, body: declaration }).handle(handler)

    assert.deepEqual(made, { ...said, body: declaration, handle: handler })
    assert.equal(nothing.check('anything'), undefined)
  })
})

describe('what a client sent', () => {
  it('is passed on where it fits, and is a 400 where it does not', () => {
    assert.equal(checkShape(text(), 'a'), 'a')
    assert.throws(() => checkShape(text(), 1), { code: 'invalid_request', status: 400 })
  })

  it('is no reason to hide a fault of the shape itself', () => {
    const broken = { ...text(), check: () => assert.fail('broken') }

    assert.throws(() => checkShape(broken, 'a'), assert.AssertionError)
  })
})
