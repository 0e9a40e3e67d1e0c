import assert from 'node:assert/strict'
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { describe, it } from 'node:test'
import { type BodyFormat, checkContentType, parseBody, readBytes } from '../../src/http/body.ts'
import { badJson } from '../kit/bad-json.ts'
import { requestOf } from '../kit/calls.ts'

const both: readonly BodyFormat[] = ['json', 'form']

describe('a content type', () => {
  const formatOf = (contentType: string, contentEncoding?: string) =>
    checkContentType({ contentType, contentEncoding }, both)

  it('is taken in any case, with space, and with the charset UTF-8', () => {
    const json = [
      'application/json',
      'Application/JSON',
      'application/json; charset=utf-8',
      'application/json;charset=UTF-8',
      'application/json ; charset="utf-8" ',
    ]
    const form = [
      'application/x-www-form-urlencoded',
      'application/x-www-form-urlencoded;charset=utf-8',
    ]

    assert.deepEqual(
      json.map((one) => formatOf(one)),
      Array(json.length).fill('json'),
    )
    assert.deepEqual(
      form.map((one) => formatOf(one)),
      Array(form.length).fill('form'),
    )
    assert.equal(formatOf('application/json', 'Identity'), 'json')
  })

  it('is refused when it is any other', () => {
    const wrong = [
      undefined,
      '',
      ' ',
      ';',
      'json',
      'text/plain',
      'text/json',
      'text/html; charset=utf-8',
      'application/xml',
      'application/jsonp',
      'application/json5',
      'application/ld+json',
      'application/json, application/json',
      'application/json application/json',
      'application/json; charset=latin1',
      'application/json; charset=utf-16',
      'application/json; charset=utf-8; charset=latin1',
      'application/json; charset=',
      'application/json; boundary=x',
      'application/x-www-form-urlencoded; charset=iso-8859-1',
      'multipart/form-data; boundary=x',
      'application/octet-stream',
      '*/*',
    ]

    for (const contentType of wrong)
      assert.throws(
        () => checkContentType({ contentType, contentEncoding: undefined }, both),
        { code: 'unsupported_media_type', status: 415 },
        `taken: ${contentType}`,
      )
  })

  it('is refused with a space that HTTP does not know', () => {
    assert.throws(() => formatOf('application/json\u00a0'), { status: 415 })
    assert.throws(() => formatOf('application/json;\u00a0charset=utf-8'), { status: 415 })
  })

  it('is refused for a body that is encoded', () => {
    for (const encoding of ['gzip', 'deflate', 'br', 'identity, gzip', 'x-gzip', ''])
      assert.throws(() => formatOf('application/json', encoding), { status: 415 }, encoding)
  })

  it('is refused where the endpoint does not declare it, with the words what is expected', () => {
    const contentType = 'application/json'

    assert.throws(() => checkContentType({ contentType, contentEncoding: undefined }, ['form']), {
      code: 'unsupported_media_type',
      message: 'The body must be application/x-www-form-urlencoded, in UTF-8 and not compressed.',
    })
  })
})

describe('reading a body', () => {
  it('takes as many bytes as it may and not one more', async () => {
    const exact = await readBytes(requestOf({ body: 'abcd' }), 4)
    const reading = readBytes(requestOf({ body: 'abcde' }), 4)

    assert.equal(exact.toString(), 'abcd')
    await assert.rejects(reading, {
      code: 'content_too_large',
      status: 413,
      message: 'The body is longer than 4 bytes.',
    })
  })

  it('counts across pieces, and refuses before the last has come', async () => {
    const request = new IncomingMessage(new Socket())
    const reading = readBytes(request, 4)

    request.push('abc')
    request.push('de')

    await assert.rejects(reading, { code: 'content_too_large' })
    assert.equal(request.complete, false)
  })

  it('puts the pieces together in order, cut characters too', async () => {
    const request = new IncomingMessage(new Socket())
    const reading = readBytes(request, 16)

    for (const byte of Buffer.from('a€b')) request.push(Buffer.of(byte))
    request.push(null)

    assert.equal((await reading).toString(), 'a€b')
  })

  it('is refused when the client goes before the end', async () => {
    const request = new IncomingMessage(new Socket())
    const reading = readBytes(request, 16)

    request.push('abc')
    request.destroy(new Error('reset'))

    await assert.rejects(reading, {
      code: 'invalid_request',
      message: 'The body did not arrive whole.',
    })
  })
})

describe('parsing a body', () => {
  const parse = (bytes: Buffer | string, format: BodyFormat) =>
    parseBody(Buffer.from(bytes), format, ['username', 'password'])

  it('reads JSON and forms', () => {
    const fields = { username: 'ü', password: 'b' }

    assert.deepEqual(parse('{"username":"ü","password":"b"}', 'json'), fields)
    assert.deepEqual(parse('username=%C3%BC&password=b', 'form'), fields)
  })

  it('is refused for an empty body', () => {
    assert.throws(() => parse('', 'json'), { message: 'The body is missing.' })
    assert.throws(() => parse('', 'form'), { message: 'The body is missing.' })
  })

  it('is refused for every kind of bad JSON in the same words', () => {
    for (const [kind, text] of Object.entries(badJson))
      assert.throws(
        () => parse(text, 'json'),
        { code: 'invalid_request', message: 'The body is not JSON.' },
        kind,
      )
  })

  it('is refused for bytes that are not UTF-8', () => {
    const notUtf8 = ['ff', 'c0af', 'eda080', 'f4908080', 'e282', '80', 'fffe7b00']

    for (const bytes of notUtf8) {
      const body = Buffer.concat([Buffer.from('"'), Buffer.from(bytes, 'hex'), Buffer.from('"')])
      const refused = { code: 'invalid_request', message: 'The body is not UTF-8.' }
      assert.throws(() => parse(body, 'json'), refused, bytes)
      assert.throws(() => parse(body, 'form'), refused, bytes)
    }
  })

  it('is refused for a doubled field, which it names', () => {
    const refused = { code: 'invalid_request', message: "The field 'username' stands twice." }

    assert.throws(() => parse('{"username":"a","\\u0075sername":"b"}', 'json'), refused)
  })
})
