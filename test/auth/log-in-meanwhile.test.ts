/** What changes while a login is under way. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { parsePhc } from '../../src/passwords/phc.ts'
import { memoryUserStore } from '../../src/storage/memory/users.ts'
import type { User, UserStore } from '../../src/storage/ports.ts'
import { post } from '../kit/auth-calls.ts'
import { cheapPasswords, correct, heldPasswords, startCountedAuth } from '../kit/auth-parts.ts'
import { cheapParameters, logIn, testPurposes } from '../kit/servers.ts'

const weakParameters = { ...cheapParameters, ln: cheapParameters.ln - 1 }

/** auth whose user has a hash that is weaker than configured. */
async function startWithWeakHash(t: TestContext, users: UserStore = memoryUserStore()) {
  const auth = await startCountedAuth(t, { users })
  const weak = await cheapPasswords({ parameters: weakParameters }).hash(correct.password)
  assert.ok(await auth.users.replacePasswordHash(auth.user.id, auth.user.passwordHash, weak))
  const storedHash = async () => (await users.findById(auth.user.id))?.passwordHash
  return { ...auth, weak, storedHash }
}

describe('a login that was checked before everything of its user was ended', () => {
  it('is refused like a wrong password and issues nothing', async (t) => {
    const held = heldPasswords()
    const { url, tokens, user, tokenCount } = await startCountedAuth(t, held)
    const login = post(`${url}/login`, { json: correct })
    await held.checked

    await tokens.revokeSubject(user.id, [testPurposes.session])
    held.release()

    const { status, body } = await login
    assert.equal(status, 401)
    assert.equal(body.error, 'invalid_credentials')
    assert.equal(await tokenCount(), 0)
  })

  it('does not keep the next one out', async (t) => {
    const { url, tokens, user } = await startCountedAuth(t)
    await tokens.revokeSubject(user.id, [testPurposes.session])

    const { status } = await post(`${url}/login`, { json: correct })

    assert.equal(status, 200)
  })

  it('issues where something else of the user was ended', async (t) => {
    const held = heldPasswords()
    const { url, tokens, user } = await startCountedAuth(t, held)
    const login = post(`${url}/login`, { json: correct })
    await held.checked

    await tokens.revokeSubject(user.id, [testPurposes.service])
    held.release()

    assert.equal((await login).status, 200)
  })
})

describe('a user who is disabled while being looked up', () => {
  it('is refused like a wrong password', async (t) => {
    const users = memoryUserStore()
    const asDisabled = (user: User | undefined) => user && { ...user, isDisabled: true }
    const changing: UserStore = {
      ...users,
      findById: async (id) => asDisabled(await users.findById(id)),
    }
    const { url, tokenCount } = await startCountedAuth(t, { users: changing })

    const { status, body } = await post(`${url}/login`, { json: correct })

    assert.equal(status, 401)
    assert.equal(body.error, 'invalid_credentials')
    assert.equal(await tokenCount(), 0)
  })

  it('is refused like a wrong password when deleted', async (t) => {
    const changing: UserStore = { ...memoryUserStore(), findById: async () => undefined }
    const { url, tokenCount } = await startCountedAuth(t, { users: changing })

    const { status, body } = await post(`${url}/login`, { json: correct })

    assert.equal(status, 401)
    assert.equal(body.error, 'invalid_credentials')
    assert.equal(await tokenCount(), 0)
  })

  it('is judged by the password of the second look', async (t) => {
    const users = memoryUserStore()
    const passwordHash = await cheapPasswords().hash('changed horse')
    const changing: UserStore = {
      ...users,
      async findById(id) {
        const user = await users.findById(id)
        return user && { ...user, passwordHash }
      },
    }
    const { url } = await startCountedAuth(t, { users: changing })

    const old = await post(`${url}/login`, { json: correct })
    const changed = await post(`${url}/login`, { json: { ...correct, password: 'changed horse' } })

    assert.equal(old.status, 401)
    assert.equal(changed.status, 200)
  })
})

describe('a login with a weak hash', () => {
  it('replaces it by one as strong as configured, of the same password', async (t) => {
    const { url, weak, storedHash } = await startWithWeakHash(t)

    await logIn(url)

    const stored = await storedHash()
    assert.ok(stored !== undefined && stored !== weak)
    assert.deepEqual(parsePhc(stored).parameters, cheapParameters)
    assert.ok(await logIn(url))
    assert.equal(await storedHash(), stored)
  })

  it('keeps it when the password is wrong', async (t) => {
    const { url, weak, storedHash } = await startWithWeakHash(t)

    const { status } = await post(`${url}/login`, { json: { ...correct, password: 'wrong horse' } })

    assert.equal(status, 401)
    assert.equal(await storedHash(), weak)
  })

  it('keeps it when a token cannot be issued', async (t) => {
    const held = heldPasswords()
    const { url, tokens, user, users } = await startCountedAuth(t, held)
    const weak = await cheapPasswords({ parameters: weakParameters }).hash(correct.password)
    await users.replacePasswordHash(user.id, user.passwordHash, weak)
    const login = post(`${url}/login`, { json: correct })
    await held.checked

    await tokens.revokeSubject(user.id, [testPurposes.session])
    held.release()

    assert.equal((await login).status, 401)
    assert.equal((await users.findById(user.id))?.passwordHash, weak)
  })

  it('succeeds, with a warning in the log, when the stronger one cannot be stored', async (t) => {
    const users = memoryUserStore()
    let isFailing = false
    const failing: UserStore = {
      ...users,
      async replacePasswordHash(id, from, to) {
        if (isFailing) throw new Error('the disk is full')
        return await users.replacePasswordHash(id, from, to)
      },
    }
    const { url, weak, storedHash, log } = await startWithWeakHash(t, failing)
    isFailing = true

    const { status } = await post(`${url}/login`, { json: correct })

    assert.equal(status, 200)
    assert.equal(await storedHash(), weak)
    const [line] = log.find('a stronger password hash was not stored')
    assert.equal(line?.level, 'warn')
    assert.match(String(line?.error), /the disk is full/)
  })

  it('does not overwrite a password that was changed meanwhile', async (t) => {
    const held = heldPasswords()
    const { url, user, users } = await startCountedAuth(t, held)
    const weak = await cheapPasswords({ parameters: weakParameters }).hash(correct.password)
    await users.replacePasswordHash(user.id, user.passwordHash, weak)
    const changed = await cheapPasswords().hash('changed horse')
    const login = post(`${url}/login`, { json: correct })
    await held.checked

    await users.replacePasswordHash(user.id, weak, changed)
    held.release()

    assert.equal((await login).status, 200)
    assert.equal((await users.findById(user.id))?.passwordHash, changed)
  })
})
