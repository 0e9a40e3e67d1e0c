import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { bearer } from '../../kit/auth-calls.ts'
import { skipUnless } from '../../kit/installed.ts'
import { startAuth, type Variables } from '../../kit/processes.ts'
import { startProvisioned } from '../../kit/provisioned.ts'
import { logIn } from '../../kit/servers.ts'
import { share } from '../../kit/shared-servers.ts'

const script = fileURLToPath(
  new URL('../../../src/auth/admin/main-create-administrator.js', import.meta.url),
)
const username = 'ada@example.com'
const named = ['--username', username, '--name', 'Ada']
const password = 'planted words for one'

/** What the script leaves behind, without a terminal. */
function createAdministrator(args: readonly string[], variables: Variables) {
  const env = { PATH: process.env.PATH ?? '', APP_ENV: 'demo', ...variables }
  const options = { env, encoding: 'utf8', timeout: 20_000 } as const
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], options)
  assert.doesNotMatch(stdout + stderr, /planted/)
  return { status, stdout, stderr }
}

describe('the script that makes an administrator', () => {
  it('refuses a store in memory, which would be gone at once', () => {
    const { status, stderr } = createAdministrator(named, { ADMINISTRATOR_PASSWORD: password })

    assert.equal(status, 1)
    const sentence =
      'ACCOUNT_STORE must not be memory: here, where the administrator would be gone at once.'
    assert.equal(stderr, `${sentence}\n`)
  })

  it('says how it is used where an argument is missing or wrong, and repeats none', () => {
    for (const args of [
      ['--name', 'Ada'],
      ['--username', username],
      [...named, password],
    ]) {
      const { status, stderr } = createAdministrator(args, {})
      assert.equal(status, 1)
      assert.equal(stderr, "Usage: createAdministrator --username a@example.com --name 'A Name'\n")
    }
  })
})

describe('an administrator', { skip: skipUnless('postgres') }, () => {
  const postgres = share((context) => startProvisioned(context))
  const stores = () => ({ ACCOUNT_STORE: postgres().auth, TOKEN_STORE: postgres().auth })

  it('is made once, however often the script runs, and may see the users', async (t) => {
    const variables = { ...stores(), ADMINISTRATOR_PASSWORD: password }

    const first = createAdministrator(named, variables)
    const second = createAdministrator(named, variables)
    const { url } = await startAuth(t, { APP_ENV: 'demo', ...stores() })
    const token = await logIn(url, { username, password })
    const users = await fetch(`${url}/admin/users`, { headers: { authorization: bearer(token) } })

    assert.match(first.stdout, /^[\da-f-]{36}\n$/)
    assert.deepEqual(second, first)
    assert.equal(users.status, 200)
  })

  it('is not made without a password', () => {
    const { status, stdout, stderr } = createAdministrator(named, stores())

    assert.deepEqual([status, stdout], [1, ''])
    assert.match(stderr, /neither ADMINISTRATOR_PASSWORD nor ADMINISTRATOR_PASSWORD_FILE is set/)
  })

  it('is not made with a password that the policy refuses', () => {
    const args = ['--username', 'eve@example.com', '--name', 'Eve']
    const variables = { ...stores(), ADMINISTRATOR_PASSWORD: 'password1' }

    const { status, stdout, stderr } = createAdministrator(args, variables)

    assert.deepEqual([status, stdout], [1, ''])
    assert.match(stderr, /^No administrator was made: The password /)
  })
})
