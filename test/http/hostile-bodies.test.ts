import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { badJson } from '../kit/bad-json.ts'
import { formType, jsonType, rightJson, rightLogin, startLoginServer } from '../kit/login-server.ts'
import { assertRefused } from '../kit/raw-answers.ts'

describe('a login with a hostile body', () => {
  it('is refused for every kind of bad JSON', async (t) => {
    const { post, assertUnharmed } = await startLoginServer(t)

    for (const text of Object.values(badJson))
      await assertRefused(await post(jsonType, text), 400, 'invalid_request')

    await assertUnharmed()
  })

  const wrongTypes = [
    'text/plain',
    'text/json',
    'application/jsonp',
    'application/xml',
    'application/octet-stream',
    'application/json; charset=latin1',
    'application/json; charset=utf-16',
    'application/json, application/x-www-form-urlencoded',
    'application/x-www-form-urlencoded; charset=iso-8859-1',
    'multipart/form-data; boundary=a',
    '*/*',
    ';',
  ]

  it('is refused for every wrong content type', async (t) => {
    const { post, assertUnharmed } = await startLoginServer(t)

    for (const type of wrongTypes) {
      const response = await post({ 'content-type': type }, rightJson)
      await assertRefused(response, 415, 'unsupported_media_type')
    }

    await assertUnharmed()
  })

  it('is refused without a content type', async (t) => {
    const { post, assertUnharmed } = await startLoginServer(t)

    const response = await post({}, Buffer.from(rightJson))

    await assertRefused(response, 415, 'unsupported_media_type')
    await assertUnharmed()
  })

  it('is refused for a body that is or claims to be compressed', async (t) => {
    const { post, assertUnharmed } = await startLoginServer(t)

    const response = await post({ ...jsonType, 'content-encoding': 'gzip' }, rightJson)

    await assertRefused(response, 415, 'unsupported_media_type')
    await assertUnharmed()
  })

  it('is refused without a body, and with an empty one', async (t) => {
    const { post, send, assertUnharmed } = await startLoginServer(t)

    const empty = await post(jsonType, '')
    const chunked = await send(
      'POST /login HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    )

    await assertRefused(empty, 400, 'invalid_request')
    assert.match(chunked, /^HTTP\/1\.1 400 /)
    await assertUnharmed()
  })

  it('is refused for JSON as a form and for a form as JSON', async (t) => {
    const { post, assertUnharmed } = await startLoginServer(t)

    const json = await post(formType, rightJson)
    const form = await post(jsonType, 'username=user%40example.com&password=correct+horse')

    await assertRefused(json, 400, 'invalid_request')
    await assertRefused(form, 400, 'invalid_request')
    await assertUnharmed()
  })

  it('is refused for broken UTF-8, raw and escaped', async (t) => {
    const { post, assertUnharmed } = await startLoginServer(t)
    const withBytes = (hex: string) =>
      Buffer.concat([
        Buffer.from('{"username":"user@example.com","password":"correct horse'),
        Buffer.from(hex, 'hex'),
        Buffer.from('"}'),
      ])

    for (const hex of ['ff', 'c0af', 'eda080', 'f4908080', 'e282', '80'])
      await assertRefused(await post(jsonType, withBytes(hex)), 400, 'invalid_request')
    const form = await post(formType, 'username=%ff&password=%c0%80')

    await assertRefused(form, 400, 'invalid_request')
    await assertUnharmed()
  })

  it('is refused for a form with a bad escape', async (t) => {
    const { post, assertUnharmed } = await startLoginServer(t)

    const response = await post(formType, 'username=user%40example.com&password=%zz')

    await assertRefused(response, 400, 'invalid_request')
    await assertUnharmed()
  })

  it('is refused for brackets as deep as the limit allows', async (t) => {
    const { post, assertUnharmed } = await startLoginServer(t)

    const open = await post(jsonType, '['.repeat(16_384))
    const closed = await post(jsonType, '['.repeat(8_192) + ']'.repeat(8_192))
    const objects = await post(jsonType, `${'{"a":'.repeat(2_700)}1${'}'.repeat(2_700)}`)

    await assertRefused(open, 400, 'invalid_request')
    await assertRefused(closed, 400, 'invalid_request')
    await assertRefused(objects, 400, 'invalid_request')
    await assertUnharmed()
  })

  it('is refused for a body of a megabyte, whether its length is declared or it comes in chunks', async (t) => {
    const { post, url, assertUnharmed } = await startLoginServer(t)
    const megabyte = JSON.stringify({ ...rightLogin, filler: 'a'.repeat(1_048_576) })

    const declared = await post(jsonType, megabyte)
    const chunked = await fetch(`${url}/login`, {
      method: 'POST',
      headers: jsonType,
      body: new Blob([megabyte]).stream(),
      duplex: 'half',
    })

    await assertRefused(declared, 413, 'content_too_large')
    await assertRefused(chunked, 413, 'content_too_large')
    await assertUnharmed()
  })

  it('is refused for one byte more than the limit, padded with space', async (t) => {
    const { post, assertUnharmed } = await startLoginServer(t)

    const response = await post(jsonType, rightJson.padEnd(16_385))

    await assertRefused(response, 413, 'content_too_large')
    await assertUnharmed()
  })
})
