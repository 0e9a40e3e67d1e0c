import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createDemoUser, demoUser, hasDemoUser } from '../../src/auth/demo.ts'
import { deriveByScrypt, parsePhc, recommendedParameters } from '../../src/passwords/phc.ts'
import { memoryUserStore } from '../../src/storage/memory/users.ts'
import { cheapPasswords } from '../kit/auth-parts.ts'
import { manualClock } from '../kit/clock.ts'
import { countedDerivations } from '../kit/derivations.ts'

const clock = manualClock()

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

    await createDemoUser({ users, clock })

    const user = await users.findByUsername('demo@example.com')
    assert.equal(user?.name, 'Demo')
    assert.equal(user?.isDisabled, false)
    assert.equal(user?.passwordHash, demoUser.passwordHash)
    assert.match(user?.id ?? '', /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-/)
  })

  it('has another id in every store', async () => {
    const one = memoryUserStore()
    const other = memoryUserStore()

    await createDemoUser({ users: one, clock })
    await createDemoUser({ users: other, clock })

    const ids = [one, other].map(async (store) => await store.findByUsername(demoUser.username))
    const [first, second] = await Promise.all(ids)
    assert.notEqual(first?.id, second?.id)
  })

  it('is created once, and left as it is by all others who would create it', async () => {
    const users = memoryUserStore()
    await createDemoUser({ users, clock })
    const before = await users.findByUsername(demoUser.username)

    await Promise.all([createDemoUser({ users, clock }), createDemoUser({ users, clock })])

    assert.deepEqual(await users.findByUsername(demoUser.username), before)
  })
})

describe("a store that was once a demo's", () => {
  const passwords = cheapPasswords({ parameters: recommendedParameters })

  it('is known by the demo user', async () => {
    const users = memoryUserStore()
    await createDemoUser({ users, clock })

    assert.equal(await hasDemoUser({ users, passwords }), true)
  })

  it('is known by it when it is disabled, or has another hash of its password', async () => {
    const users = memoryUserStore()
    const passwordHash = await cheapPasswords().hash(demoUser.password)
    const { username, name } = demoUser
    await users.create({ id: 'x', username, name, passwordHash, isDisabled: true })

    assert.equal(await hasDemoUser({ users, passwords }), true)
  })

  it('is no more one where the password is another', async () => {
    const users = memoryUserStore()
    const passwordHash = await cheapPasswords().hash('another password')
    const { username, name } = demoUser
    await users.create({ id: 'x', username, name, passwordHash, isDisabled: false })

    assert.equal(await hasDemoUser({ users, passwords }), false)
  })

  it('costs no hash to be told from others', async () => {
    const derivations = countedDerivations()
    const counted = cheapPasswords(derivations)

    assert.equal(await hasDemoUser({ users: memoryUserStore(), passwords: counted }), false)

    assert.deepEqual(derivations.takeAll(), [])
  })
})
