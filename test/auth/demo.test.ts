import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createDemoUser, demoUser } from '../../src/auth/demo.ts'
import { deriveByScrypt, parsePhc, recommendedParameters } from '../../src/passwords/phc.ts'
import { memoryUserStore } from '../../src/storage/memory/users.ts'
import { cheapPasswords } from '../kit/auth-parts.ts'

describe('the demo user', () => {
  it('has a hash of its password that is as strong as recommended', async () => {
    const passwords = cheapPasswords({ parameters: recommendedParameters })

    const verdict = await passwords.check('postman', demoUser.passwordHash)

    assert.deepEqual(verdict, { matches: true, stronger: undefined })
    assert.deepEqual(parsePhc(demoUser.passwordHash).parameters, recommendedParameters)
  })

  it('has a hash that no other password matches', async () => {
    const { salt, hash } = parsePhc(demoUser.passwordHash)

    const other = await deriveByScrypt(Buffer.from('Postman'), salt, recommendedParameters, 32)

    assert.notDeepEqual(other, hash)
  })

  it('is created enabled, under the name that everybody knows', async () => {
    const users = memoryUserStore()

    await createDemoUser(users)

    const user = await users.findByUsername('demo@example.com')
    assert.equal(user?.name, 'Demo')
    assert.equal(user?.isDisabled, false)
    assert.equal(user?.passwordHash, demoUser.passwordHash)
    assert.match(user?.id ?? '', /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-/)
  })

  it('has another id in every store', async () => {
    const one = memoryUserStore()
    const other = memoryUserStore()

    await createDemoUser(one)
    await createDemoUser(other)

    const ids = [one, other].map(async (store) => await store.findByUsername(demoUser.username))
    const [first, second] = await Promise.all(ids)
    assert.notEqual(first?.id, second?.id)
  })
})
