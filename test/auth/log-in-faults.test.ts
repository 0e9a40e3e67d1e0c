/** What a login says when something of ours is full or broken: 503 or 500, never 401. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createQueue } from '../../src/passwords/queue.ts'
import { memoryUserStore } from '../../src/storage/memory/users.ts'
import type { PasswordHash, UserStore } from '../../src/storage/ports.ts'
import { keyOf } from '../../src/tokens/token.ts'
import { asToken, post } from '../kit/auth-calls.ts'
import { cheapPasswords, correct, startCountedAuth } from '../kit/auth-parts.ts'
import { createGate } from '../kit/gate.ts'
import { logIn, serviceTokenOf, testPurposes } from '../kit/servers.ts'

describe('a full hashing queue', () => {
  it('refuses a login with 503 and Retry-After, and lets it in when there is room', async (t) => {
    const queue = createQueue({ concurrency: 1, maxWaiting: 0 })
    const { url, tokenCount } = await startCountedAuth(t, { passwords: cheapPasswords({ queue }) })
    const gate = createGate()
    const occupied = queue(() => gate.opened)

    const refused = await post(`${url}/login`, { json: correct })

    assert.equal(refused.status, 503)
    assert.equal(refused.body.error, 'temporarily_unavailable')
    assert.match(refused.headers.get('retry-after') ?? '', /^[1-9]\d*$/)
    assert.equal(await tokenCount(), 0)
    gate.open()
    await occupied
    assert.ok(await logIn(url))
  })

  it('keeps neither service tokens nor validations waiting', async (t) => {
    const queue = createQueue({ concurrency: 1, maxWaiting: 0 })
    const { url } = await startCountedAuth(t, { passwords: cheapPasswords({ queue }) })
    const token = await logIn(url)
    const gate = createGate()
    const occupied = queue(() => gate.opened)

    const serviceToken = await serviceTokenOf(url)
    const authorization = `Bearer ${serviceToken}`
    const { body } = await post(`${url}/validateToken`, { authorization, json: { token } })

    assert.equal(body.authenticated, true)
    gate.open()
    await occupied
  })
})

describe('a full token store', () => {
  it('refuses a login with 503 and Retry-After, and drops no living token', async (t) => {
    const { url, tokens, tokenCount } = await startCountedAuth(t, { maxTokens: 3 })
    const living = asToken(await logIn(url))
    await logIn(url)

    const refused = await post(`${url}/login`, { json: correct })

    assert.equal(refused.status, 503)
    assert.equal(refused.body.error, 'temporarily_unavailable')
    assert.match(refused.headers.get('retry-after') ?? '', /^[1-9]\d*$/)
    assert.equal(await tokenCount(), 2)
    assert.ok(await tokens.peek(keyOf(living), testPurposes.session))
  })

  it('still has a place for a service token', async (t) => {
    const { url, tokenCount } = await startCountedAuth(t, { maxTokens: 3 })
    await logIn(url)
    await logIn(url)

    const serviceToken = await serviceTokenOf(url)

    assert.ok(asToken(serviceToken))
    assert.equal(await tokenCount(), 3)
  })

  it('refuses a wrong password as ever', async (t) => {
    const { url } = await startCountedAuth(t, { maxTokens: 2 })
    await logIn(url)

    const { status } = await post(`${url}/login`, { json: { ...correct, password: 'wrong horse' } })

    assert.equal(status, 401)
  })
})

describe('a store that fails', () => {
  it('makes a login a 503 where the token store is closed', async (t) => {
    const { url, tokens } = await startCountedAuth(t)
    await tokens.close()

    const { status, headers, body } = await post(`${url}/login`, { json: correct })

    assert.equal(status, 503)
    assert.equal(body.error, 'temporarily_unavailable')
    assert.match(headers.get('retry-after') ?? '', /^[1-9]\d*$/)
  })

  it('makes a login a 503 where the user store is closed, for known and unknown users', async (t) => {
    const { url, users, tokenCount } = await startCountedAuth(t)
    await users.close()

    const known = await post(`${url}/login`, { json: correct })
    const unknown = await post(`${url}/login`, { json: { ...correct, username: 'nobody' } })

    assert.equal(known.status, 503)
    assert.equal(unknown.status, 503)
    assert.equal(await tokenCount(), 0)
  })

  it('makes a login a 500 that says nothing where the stored hash cannot be read', async (t) => {
    const users = memoryUserStore()
    const passwordHash = 'planted-unreadable-hash' as PasswordHash // as a store might hold it
    const broken: UserStore = {
      ...users,
      async findById(id) {
        const user = await users.findById(id)
        return user && { ...user, passwordHash }
      },
    }
    const { url, log, tokenCount } = await startCountedAuth(t, { users: broken })

    const { status, body } = await post(`${url}/login`, { json: correct })

    assert.equal(status, 500)
    assert.equal(body.error, 'server_error')
    assert.ok(!JSON.stringify(body).includes('hash'))
    assert.ok(!log.text().includes('planted'))
    assert.equal(log.find('failed').length, 1)
    assert.equal(await tokenCount(), 0)
  })
})
