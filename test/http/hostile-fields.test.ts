import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { formType, jsonType, rawLogin, rightJson, startLoginServer } from '../kit/login-server.ts'
import { assertRefused, readAnswers } from '../kit/raw-answers.ts'

const basic = (bytes: string | Buffer) => ({
  authorization: `Basic ${Buffer.from(bytes).toString('base64')}`,
})

describe('a login with hostile fields', () => {
  const misshapen = [
    'null',
    'true',
    '1',
    '"user@example.com"',
    '[]',
    '[{"username":"user@example.com","password":"correct horse"}]',
    '{}',
    '{"username":"user@example.com"}',
    '{"password":"correct horse"}',
    '{"username":null,"password":"correct horse"}',
    '{"username":"user@example.com","password":0}',
    '{"username":["user@example.com"],"password":"correct horse"}',
    '{"username":"user@example.com","password":{"toString":"correct horse"}}',
    '{"Username":"user@example.com","Password":"correct horse"}',
  ]

  it('is refused where they are missing or of another type', async (t) => {
    const { post, assertUnharmed } = await startLoginServer(t)

    for (const body of misshapen)
      await assertRefused(await post(jsonType, body), 400, 'invalid_request')

    await assertUnharmed()
  })

  const doubled = [
    '{"username":"a","username":"user@example.com","password":"correct horse"}',
    '{"username":"user@example.com","password":"a","password":"correct horse"}',
    '{"username":"user@example.com","password":"correct horse","\\u0070assword":"correct horse"}',
  ]

  it('is refused where one stands twice, however its name is written', async (t) => {
    const { post, assertUnharmed } = await startLoginServer(t)

    for (const body of doubled)
      await assertRefused(await post(jsonType, body), 400, 'invalid_request')
    const form = await post(formType, 'username=a&username=user%40example.com&password=b')

    await assertRefused(form, 400, 'invalid_request')
    await assertUnharmed()
  })

  it('is refused for lone surrogates, in either field and by Basic', async (t) => {
    const { post, url, assertUnharmed } = await startLoginServer(t)

    const username = await post(jsonType, '{"username":"\\ud800","password":"correct horse"}')
    const password = await post(jsonType, '{"username":"user@example.com","password":"\\udfff"}')
    const headers = basic(Buffer.from('757365723aeda080', 'hex'))
    const byBasic = await fetch(`${url}/login`, { method: 'POST', headers })

    await assertRefused(username, 400, 'invalid_request')
    await assertRefused(password, 400, 'invalid_request')
    await assertRefused(byBasic, 400, 'invalid_request')
    await assertUnharmed()
  })

  it('fails for a NUL behind the right password or the right name', async (t) => {
    const { post, url, assertUnharmed } = await startLoginServer(t)

    const password = await post(
      jsonType,
      '{"username":"user@example.com","password":"correct horse\\u0000"}',
    )
    const username = await post(
      jsonType,
      '{"username":"user@example.com\\u0000","password":"correct horse"}',
    )
    const headers = basic('user@example.com:correct horse\0')
    const byBasic = await fetch(`${url}/login`, { method: 'POST', headers })

    await assertRefused(password, 401, 'invalid_credentials')
    await assertRefused(username, 401, 'invalid_credentials')
    await assertRefused(byBasic, 401, 'invalid_credentials')
    await assertUnharmed()
  })

  it('is refused for an over-long name and fails for an over-long password', async (t) => {
    const { post, assertUnharmed } = await startLoginServer(t)
    const right = { username: 'user@example.com', password: 'correct horse' }

    const name = await post(jsonType, JSON.stringify({ ...right, username: 'u'.repeat(1_025) }))
    const password = await post(jsonType, JSON.stringify({ ...right, password: 'p'.repeat(257) }))
    const longest = await post(jsonType, JSON.stringify({ ...right, password: 'p'.repeat(16_000) }))

    await assertRefused(name, 400, 'invalid_request')
    await assertRefused(password, 401, 'invalid_credentials')
    await assertRefused(longest, 401, 'invalid_credentials')
    await assertUnharmed()
  })

  it('does not take its fields from a prototype', async (t) => {
    const { post, assertUnharmed } = await startLoginServer(t)

    const proto = await post(jsonType, `{"__proto__":${rightJson}}`)
    const constructed = await post(jsonType, `{"constructor":{"prototype":${rightJson}}}`)
    const form = await post(formType, '__proto__[username]=user%40example.com&__proto__=a')

    await assertRefused(proto, 400, 'invalid_request')
    await assertRefused(constructed, 400, 'invalid_request')
    await assertRefused(form, 400, 'invalid_request')
    assert.equal(Reflect.get({}, 'username'), undefined)
    await assertUnharmed()
  })

  it('fails where the name is one that every object inherits', async (t) => {
    const { post, assertUnharmed } = await startLoginServer(t)

    for (const username of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      const response = await post(jsonType, JSON.stringify({ username, password: 'correct horse' }))
      await assertRefused(response, 401, 'invalid_credentials')
    }

    await assertUnharmed()
  })
})

describe('a login with hostile headers', () => {
  const rightBasic = `Authorization: Basic ${Buffer.from('user@example.com:correct horse').toString('base64')}\r\n`

  it('is refused where its credentials stand twice', async (t) => {
    const { send, assertUnharmed } = await startLoginServer(t)

    const twice = await send(rawLogin(`${rightBasic}${rightBasic}`, ''))
    const both = await send(
      rawLogin(`${rightBasic}Content-Length: ${rightJson.length}\r\n`, rightJson),
    )

    await assertRefused(readAnswers(twice)[0], 400, 'invalid_request')
    await assertRefused(readAnswers(both)[0], 400, 'invalid_request')
    await assertUnharmed()
  })

  it('is refused where its content type stands twice', async (t) => {
    const { send, assertUnharmed } = await startLoginServer(t)
    const headers = `Content-Type: application/json\r\nContent-Length: ${rightJson.length}\r\n`

    const received = await send(rawLogin(headers, rightJson))

    await assertRefused(readAnswers(received)[0], 400, 'invalid_request')
    await assertUnharmed()
  })

  it('is refused for Basic credentials that are misshapen', async (t) => {
    const { url, assertUnharmed } = await startLoginServer(t)

    for (const value of ['Basic', 'Basic !', 'Basic dXNlcg==', 'Basic dXNlcjr/', 'Basic a b']) {
      const headers = { authorization: value }
      const response = await fetch(`${url}/login`, { method: 'POST', headers })
      await assertRefused(response, 400, 'invalid_request')
    }

    await assertUnharmed()
  })

  it('is refused for headers that are over-long', async (t) => {
    const { send, assertUnharmed } = await startLoginServer(t)
    const cut = 'Authorization: Basic '.padEnd(8_000, 'YTph')

    const tooLong = await send(rawLogin(`Authorization: Basic ${'YTph'.repeat(5_000)}\r\n`, ''))
    const long = await send(rawLogin(`${cut}\r\n`, ''))

    await assertRefused(readAnswers(tooLong)[0], 431, 'headers_too_large')
    assert.match(long, /^HTTP\/1\.1 400 /)
    await assertUnharmed()
  })

  it('is refused for a header with NUL, a bare line break or a folded line', async (t) => {
    const { send, assertUnharmed } = await startLoginServer(t)

    for (const line of [
      'X: a\0b\r\n',
      'X: a\nb\r\n',
      'X: a\rb\r\n',
      'X: a\r\n b\r\n',
      'X\r\n',
      ': a\r\n',
    ])
      await assertRefused(
        readAnswers(await send(rawLogin(`${line}Content-Length: 0\r\n`, '')))[0],
        400,
        'invalid_request',
      )

    await assertUnharmed()
  })
})
