import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createUser } from '../../src/auth/create-user.ts'
import { memoryUserStore } from '../../src/storage/memory/users.ts'
import type { User } from '../../src/storage/ports.ts'
import { cheapPasswords } from '../kit/auth-parts.ts'
import { manualClock } from '../kit/clock.ts'
import { logIn, startTestAuth } from '../kit/servers.ts'

const named = { username: 'New@Example.com', name: 'New User' }

/** A store that remembers what was created, and a user who types the password when asked. */
function setUp(password = 'a long password') {
  const store = memoryUserStore()
  const created: User[] = []
  let asked = 0
  const users = {
    ...store,
    async create(user: User) {
      const isCreated = await store.create(user)
      if (isCreated) created.push(user)
      return isCreated
    },
  }
  const readPassword = async () => {
    asked++
    return password
  }
  const dependencies = {
    users,
    passwords: cheapPasswords(),
    readPassword,
    minPasswordLength: 8,
    clock: manualClock(0x0123456789ab),
  }
  return { users, created, asked: () => asked, dependencies }
}

const tooLong = {
  username: ['The user name must have 1 to 1024 characters.'],
  name: ['The name must have 1 to 200 characters, and none that control a terminal.'],
  password: ['The password must have 8 to 256 characters.'],
}

describe('making a user', () => {
  it('files it under its normalised name, enabled, and says its id', async () => {
    const { created, dependencies } = setUp()

    const made = await createUser(dependencies, named)

    const [user] = created
    assert.deepEqual(made, { id: user?.id })
    assert.match(user?.id ?? '', /^01234567-89ab-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-/)
    assert.deepEqual(
      [user?.username, user?.name, user?.isDisabled],
      ['new@example.com', 'New User', false],
    )
    assert.doesNotMatch(JSON.stringify(user), /a long password/)
  })

  it('makes one that can log in', async (t) => {
    const { users, dependencies } = setUp('pa\u0308ssword')
    await createUser(dependencies, named)
    const auth = await startTestAuth(t, { users })

    const token = await logIn(auth.url, { username: 'NEW@example.com', password: 'p\u00e4ssword' })

    assert.match(token, /^sp_s_/)
  })

  it('takes the longest of everything, and names of any kind', async () => {
    const strange = ['a', ':*{}\n', '𝒜'.repeat(512), 'a'.repeat(1_024), "o'brien; drop table"]
    for (const username of strange) {
      const { created, dependencies } = setUp('𝒜'.repeat(256))
      await createUser(dependencies, { username, name: '𝒜'.repeat(200) })
      assert.equal(created.length, 1, username.slice(0, 20))
    }
  })

  it('refuses a name that is taken, in whatever form', async () => {
    const { created, dependencies } = setUp()
    await createUser(dependencies, named)

    const again = await createUser(dependencies, { ...named, username: 'NEW@EXAMPLE.COM' })

    assert.deepEqual(again, { problems: ['The user name is taken.'] })
    assert.equal(created.length, 1)
  })

  it('refuses a user name that no login could bring', async () => {
    for (const username of ['', 'a'.repeat(1_025), 'a\0b', '\ud800']) {
      const { created, asked, dependencies } = setUp()
      const refused = await createUser(dependencies, { ...named, username })
      assert.deepEqual(refused, { problems: tooLong.username })
      assert.deepEqual([created.length, asked()], [0, 0])
    }
  })

  it('refuses a name that is none, too long or not for a terminal', async () => {
    for (const name of ['', '  ', 'a'.repeat(201), 'a\nb', 'a\u001b[2Jb', 'a\0', '\ud800']) {
      const { created, asked, dependencies } = setUp()
      const refused = await createUser(dependencies, { ...named, name })
      assert.deepEqual(refused, { problems: tooLong.name })
      assert.deepEqual([created.length, asked()], [0, 0])
    }
  })

  it('says all that is wrong with the names at once', async () => {
    const { dependencies } = setUp()

    const refused = await createUser(dependencies, { username: '', name: '' })

    assert.deepEqual(refused, { problems: [...tooLong.username, ...tooLong.name] })
  })

  it('refuses a password that is too short, too long or none, and repeats nothing of it', async () => {
    const bad = [
      '',
      'seven77',
      '𝒜'.repeat(7),
      'a'.repeat(257),
      'a\0long password',
      '\ud800'.repeat(8),
    ]
    for (const password of bad) {
      const { created, dependencies } = setUp(password)
      const refused = await createUser(dependencies, named)
      assert.deepEqual(refused, { problems: tooLong.password })
      assert.deepEqual(created, [])
    }
  })

  it('refuses a password that is shorter than it must be where it is made', async () => {
    const { created, dependencies } = setUp('fourteen chars')
    const strict = { ...dependencies, minPasswordLength: 15 }

    const refused = await createUser(strict, named)

    const problems = ['The password must have 15 to 256 characters.']
    assert.deepEqual([refused, created], [{ problems }, []])
  })

  it('fails where the store fails', async () => {
    const { users, dependencies } = setUp()
    await users.close()

    await assert.rejects(createUser(dependencies, named), { code: 'temporarily_unavailable' })
  })
})
