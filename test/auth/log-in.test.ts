import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, it } from 'node:test'
import { normaliseUsername } from '../../src/auth/usernames.ts'
import type { Passwords } from '../../src/passwords/passwords.ts'
import type { UserStore } from '../../src/storage/ports.ts'
import { keyOf } from '../../src/tokens/token.ts'
import { asToken, basic, bearer, post } from '../kit/auth-calls.ts'
import { correct, startCountedAuth } from '../kit/auth-parts.ts'
import { startTestAuth, testPurposes } from '../kit/servers.ts'

/** Adds a user beside the one that every test has. */
async function addUser(
  { users, passwords }: { users: UserStore; passwords: Passwords },
  { username, password }: { username: string; password: string },
): Promise<string> {
  const id = randomUUID()
  const passwordHash = await passwords.hash(password)
  const user = { id, username: normaliseUsername(username), name: 'Another', passwordHash }
  assert.ok(await users.create({ ...user, isDisabled: false }))
  return id
}

describe('POST /login', () => {
  it('answers with a token, its type and its life, and nothing else', async (t) => {
    const { url } = await startTestAuth(t)

    const { status, headers, body } = await post(`${url}/login`, { json: correct })

    assert.equal(status, 200)
    assert.deepEqual(body, { token: asToken(body.token), token_type: 'Bearer', expires_in: 30 })
    assert.equal(headers.get('cache-control'), 'no-store')
    assert.equal(headers.get('content-type'), 'application/json')
  })

  it('issues a session token to the user, with the display name of the moment', async (t) => {
    const { url, tokens, user } = await startTestAuth(t)

    const { body } = await post(`${url}/login`, { json: correct })

    const living = await tokens.peek(keyOf(asToken(body.token)), testPurposes.session)
    assert.equal(living?.sub, user.id)
    assert.equal(living?.name, 'Test User')
    assert.equal(living?.scope, '')
    assert.equal(living?.refreshCount, 0)
  })

  it('gives each login a token of its own', async (t) => {
    const { url, tokenCount } = await startCountedAuth(t)

    const one = await post(`${url}/login`, { json: correct })
    const other = await post(`${url}/login`, { json: correct })

    assert.notEqual(one.body.token, other.body.token)
    assert.equal(await tokenCount(), 2)
  })

  it('takes a form', async (t) => {
    const { url } = await startTestAuth(t)

    const form = 'username=user%40example.com&password=correct+horse'
    const { status, body } = await post(`${url}/login`, { form })

    assert.equal(status, 200)
    assert.ok(asToken(body.token))
  })

  it('takes HTTP Basic', async (t) => {
    const { url } = await startTestAuth(t)

    const authorization = basic(correct.username, correct.password)
    const { status, body } = await post(`${url}/login`, { authorization })

    assert.equal(status, 200)
    assert.ok(asToken(body.token))
  })

  it('reads HTTP Basic as UTF-8, and colons after the first as part of the password', async (t) => {
    const auth = await startTestAuth(t)
    const sub = await addUser(auth, { username: 'größe', password: 'one:two:☃' })

    const authorization = basic('größe', 'one:two:☃')
    const { status, body } = await post(`${auth.url}/login`, { authorization })

    assert.equal(status, 200)
    const living = await auth.tokens.peek(keyOf(asToken(body.token)), testPurposes.session)
    assert.equal(living?.sub, sub)
  })

  it('ignores a bearer token that comes along', async (t) => {
    const { url } = await startTestAuth(t)
    const authorization = bearer('whatever')

    const right = await post(`${url}/login`, { authorization, json: correct })
    const wrong = await post(`${url}/login`, {
      authorization: bearer(String(right.body.token)),
      json: { ...correct, password: 'wrong horse' },
    })

    assert.equal(right.status, 200)
    assert.equal(wrong.status, 401)
    assert.equal(wrong.body.error, 'invalid_credentials')
  })

  it('ignores fields that it does not know', async (t) => {
    const { url } = await startTestAuth(t)

    const { status } = await post(`${url}/login`, { json: { ...correct, remember: true } })

    assert.equal(status, 200)
  })

  it('takes the user name in any case', async (t) => {
    const { url } = await startTestAuth(t)

    const json = { ...correct, username: 'USER@Example.Com' }
    const { status } = await post(`${url}/login`, { json })

    assert.equal(status, 200)
  })

  it('takes the user name in full width', async (t) => {
    const { url } = await startTestAuth(t)

    const json = { ...correct, username: '\uff35\uff33\uff25\uff32\uff20example.com' }
    const { status } = await post(`${url}/login`, { json })

    assert.equal(status, 200)
  })

  it('takes a sharp s for two, and a final sigma for any other', async (t) => {
    const auth = await startTestAuth(t)
    await addUser(auth, { username: 'straße', password: 'one' })
    await addUser(auth, { username: 'ΣΑΣ', password: 'two' })

    const sharp = await post(`${auth.url}/login`, {
      json: { username: 'STRASSE', password: 'one' },
    })
    const sigma = await post(`${auth.url}/login`, { json: { username: 'σας', password: 'two' } })

    assert.equal(sharp.status, 200)
    assert.equal(sigma.status, 200)
  })

  it('takes the password composed or decomposed, and never trims it', async (t) => {
    const auth = await startTestAuth(t)
    await addUser(auth, { username: 'accents', password: ' caf\u00e9 ' })
    const url = `${auth.url}/login`

    const composed = await post(url, { json: { username: 'accents', password: ' cafe\u0301 ' } })
    const trimmed = await post(url, { json: { username: 'accents', password: 'caf\u00e9' } })

    assert.equal(composed.status, 200)
    assert.equal(trimmed.status, 401)
  })

  it('tells the log whose session it is, and nothing of what was typed', async (t) => {
    const { url, user, log } = await startTestAuth(t)

    const { body } = await post(`${url}/login`, { json: correct })

    const [line] = log.find('logged in')
    assert.equal(line?.sub, user.id)
    assert.equal(line?.level, 'info')
    assert.ok(!log.text().includes(correct.password))
    assert.ok(!log.text().includes(correct.username))
    assert.ok(!log.text().includes(String(body.token).slice(18)))
  })
})
