import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { writeTestFile } from '../kit/config-problems.ts'
import { logInDemo } from '../kit/demo.ts'
import { skipUnless } from '../kit/installed.ts'
import { startAuth } from '../kit/processes.ts'
import { wantedByCapabilities } from '../kit/production.ts'
import { startProvisioned } from '../kit/provisioned.ts'
import { logIn } from '../kit/servers.ts'
import { share } from '../kit/shared-servers.ts'
import { startUpOf } from '../kit/start-up.ts'

const script = fileURLToPath(new URL('../../src/auth/main-create-user.js', import.meta.url))

describe('users in Postgres', { skip: skipUnless('postgres') }, () => {
  const database = share(startProvisioned)

  /** What the script that makes a user leaves behind. */
  function createUser(username: string, variables: Readonly<Record<string, string>>) {
    const args = [script, '--username', username, '--name', 'A Name']
    const env = { PATH: process.env.PATH ?? '', ACCOUNT_STORE: database().auth, ...variables }
    return spawnSync(process.execPath, args, { env, encoding: 'utf8', timeout: 20_000 })
  }

  it('are made by the script and can log in at any auth', async (t) => {
    const NEW_USER_PASSWORD_FILE = writeTestFile(t, 'a long password\n')

    const made = createUser('New@Example.com', { NEW_USER_PASSWORD_FILE })

    assert.deepEqual([made.status, made.stderr], [0, ''])
    assert.match(made.stdout, /^[0-9a-f-]{36}\n$/)
    const auth = await startAuth(t, { ACCOUNT_STORE: database().auth })
    const credentials = { username: 'new@example.com', password: 'a long password' }
    assert.match(await logIn(auth.url, credentials), /^sp_s_/)
  })

  it('are not made in production with a password that is shorter than 15 characters', () => {
    const variables = { APP_ENV: 'production', NEW_USER_PASSWORD: 'fourteen chars' }

    const refused = createUser('short@example.com', variables)

    assert.deepEqual(
      [refused.status, refused.stdout, refused.stderr],
      [1, '', 'The password must have 15 to 256 characters.\n'],
    )
  })

  it('are not made twice', () => {
    const variables = { NEW_USER_PASSWORD: 'a long password' }
    createUser('twice@example.com', variables)

    const again = createUser('TWICE@example.com', variables)

    assert.deepEqual(
      [again.status, again.stdout, again.stderr],
      [1, '', 'The user name is taken.\n'],
    )
  })

  it('have the demo user once, however many demos there are, and production refuses to start', async (t) => {
    const variables = { ACCOUNT_STORE: database().auth }
    const demos = await Promise.all([startAuth(t, variables), startAuth(t, variables)])
    await Promise.all(demos.map(({ url }) => logInDemo(url)))

    const production = await startUpOf(t, 'auth', {
      ...variables,
      ...wantedByCapabilities,
      APP_ENV: 'production',
      AUTH_PORT: '0',
      TOKEN_STORE: database().auth,
      BUSINESS_CLIENT_SECRET: 'a-secret-for-tests-of-32-characters-or-more',
      SESSION_TTL_SECONDS: '30',
      TRUSTED_PROXY_HOPS: '1',
    })

    assert.equal(production.code, 1)
    assert.deepEqual(production.find('listening'), [])
    const sentence =
      'auth could not start: the account store has the demo user, whose password everybody knows.'
    assert.equal(production.find(sentence).length, 1)
  })
})
