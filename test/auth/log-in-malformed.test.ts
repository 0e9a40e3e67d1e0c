import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { basic, type PostOptions, post } from '../kit/auth-calls.ts'
import { correct, startCountedAuth } from '../kit/auth-parts.ts'

/** The description of a login's refusal with 400, after which no token is there. */
async function refusalOf(t: TestContext, options: PostOptions): Promise<string> {
  const { url, tokenCount, log } = await startCountedAuth(t)

  const { status, body } = await post(`${url}/login`, options)

  assert.equal(status, 400)
  assert.equal(body.error, 'invalid_request')
  assert.equal(await tokenCount(), 0)
  assert.deepEqual(log.find('logged in'), [])
  return String(body.error_description)
}

describe('a malformed login', () => {
  it('is refused without a body', async (t) => {
    assert.match(await refusalOf(t, {}), /body is missing/)
  })

  it('is refused without a user name, which the answer names', async (t) => {
    assert.match(await refusalOf(t, { json: { password: 'correct horse' } }), /'username'/)
  })

  it('is refused without a password, which the answer names', async (t) => {
    assert.match(await refusalOf(t, { json: { username: correct.username } }), /'password'/)
  })

  it('is refused as a form without a password', async (t) => {
    assert.match(await refusalOf(t, { form: 'username=user%40example.com' }), /'password'/)
  })

  it('is refused with a password that is no string', async (t) => {
    assert.match(await refusalOf(t, { json: { ...correct, password: ['a'] } }), /'password'/)
  })

  it('is refused with a user name that is null', async (t) => {
    assert.match(await refusalOf(t, { json: { ...correct, username: null } }), /'username'/)
  })

  it('is refused with a user name of 1,025 characters', async (t) => {
    const json = { ...correct, username: 'u'.repeat(1_025) }

    assert.match(await refusalOf(t, { json }), /'username'/)
  })

  it('is refused by HTTP Basic with a user name of 1,025 characters', async (t) => {
    const authorization = basic('u'.repeat(1_025), correct.password)

    assert.match(await refusalOf(t, { authorization }), /'username'/)
  })

  it('is refused with a lone surrogate in the user name', async (t) => {
    const json = { ...correct, username: 'user\ud800' }

    assert.match(await refusalOf(t, { json }), /'username'/)
  })

  it('is refused with a lone surrogate in the password', async (t) => {
    const json = { ...correct, password: '\udc00correct horse' }

    assert.match(await refusalOf(t, { json }), /'password'/)
  })

  it('is refused as a form with a bad escape or an escape that is not UTF-8', async (t) => {
    await refusalOf(t, { form: 'username=user%40example.com&password=%' })
    await refusalOf(t, { form: 'username=user%40example.com&password=%ff' })
  })

  it('is refused with a doubled field', async (t) => {
    const form = 'username=user%40example.com&password=wrong&password=correct+horse'

    assert.match(await refusalOf(t, { form }), /twice/)
  })

  it('is refused with both HTTP Basic and a body', async (t) => {
    const authorization = basic(correct.username, correct.password)

    assert.match(await refusalOf(t, { authorization, json: correct }), /not both/)
  })

  it('is refused with HTTP Basic without a colon', async (t) => {
    const authorization = `Basic ${Buffer.from('user@example.com').toString('base64')}`

    assert.match(await refusalOf(t, { authorization }), /Basic/)
  })

  it('is refused with HTTP Basic that is not base64', async (t) => {
    assert.match(await refusalOf(t, { authorization: 'Basic user:password' }), /Basic/)
  })

  it('is refused with HTTP Basic that is not UTF-8', async (t) => {
    const latin1 = Buffer.from('gr\u00f6\u00dfe:password', 'latin1')

    assert.match(
      await refusalOf(t, { authorization: `Basic ${latin1.toString('base64')}` }),
      /UTF-8/,
    )
  })
})

describe('a well-formed login at the limit', () => {
  it('is judged with a user name of 1,024 characters', async (t) => {
    const { url } = await startCountedAuth(t)

    const json = { ...correct, username: 'u'.repeat(1_024) }
    const { status, body } = await post(`${url}/login`, { json })

    assert.equal(status, 401)
    assert.equal(body.error, 'invalid_credentials')
  })

  it('is judged with an empty user name', async (t) => {
    const { url } = await startCountedAuth(t)

    const { status } = await post(`${url}/login`, { json: { ...correct, username: '' } })

    assert.equal(status, 401)
  })
})
