import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Variables } from '../kit/processes.ts'

const script = fileURLToPath(new URL('../../src/auth/main-create-user.js', import.meta.url))
const named = ['--username', 'a@example.com', '--name', 'A Name']
/** Nobody listens there. */
const ACCOUNT_STORE = 'postgres://me:planted-secret@127.0.0.1:1/sallyport'
const password = 'planted password'

/** What the script leaves behind, called with these arguments and variables, without a terminal. */
function createUser(args: readonly string[], variables: Variables) {
  const env = { PATH: process.env.PATH ?? '', ...variables }
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    env,
    encoding: 'utf8',
    timeout: 20_000,
  })
  assert.doesNotMatch(stdout + stderr, /planted/)
  return { status, stdout, stderr }
}

describe('the script that makes a user', () => {
  it('refuses a store in memory, which would be gone at once', () => {
    const { status, stderr } = createUser(named, { NEW_USER_PASSWORD: password })

    assert.equal(status, 1)
    const sentence = 'ACCOUNT_STORE must not be memory: here, where the user would be gone at once.'
    assert.equal(stderr, `${sentence}\n`)
  })

  it('says how it is used where an argument is missing or wrong, and repeats none', () => {
    const variables = { ACCOUNT_STORE, NEW_USER_PASSWORD: password }
    const wrong = [
      ['--username', 'a@example.com'],
      ['--name', 'A Name'],
      [...named, '--password', password],
      [...named, password],
    ]

    for (const args of wrong) {
      const { status, stderr } = createUser(args, variables)
      assert.equal(status, 1)
      assert.equal(stderr, "Usage: createUser --username a@example.com --name 'A Name'\n")
    }
  })

  it('refuses a password that is set and also in a file', () => {
    const variables = { ACCOUNT_STORE, NEW_USER_PASSWORD: password, NEW_USER_PASSWORD_FILE: script }

    const { status, stderr } = createUser(named, variables)

    assert.equal(status, 1)
    assert.match(stderr, /^NEW_USER_PASSWORD and NEW_USER_PASSWORD_FILE are both set/)
  })

  it('makes no user where its store cannot be reached', () => {
    const { status, stdout } = createUser(named, { ACCOUNT_STORE, NEW_USER_PASSWORD: password })

    assert.deepEqual([status, stdout], [1, ''])
  })
})
