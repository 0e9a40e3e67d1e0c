/** The program that manages clients, as a process on a real Postgres, beside auth. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { basic, bearer, post } from '../../kit/auth-calls.ts'
import { skipUnless } from '../../kit/installed.ts'
import { startAuth, type Variables } from '../../kit/processes.ts'
import { startProvisioned } from '../../kit/provisioned.ts'
import { findSecrets } from '../../kit/secret-search.ts'
import { share } from '../../kit/shared-servers.ts'
import { dumpOfPostgres } from '../../kit/store-dumps.ts'
import { recordSecret } from '../../kit/used-secrets.ts'

const program = fileURLToPath(
  new URL('../../../src/auth/clients/main-manage-client.js', import.meta.url),
)
const describing = ['--name', 'Reports', '--scope', 'tokens:validate']

/** What the program leaves behind. */
function run(args: readonly string[], variables: Variables) {
  const { PATH = '', NODE_V8_COVERAGE } = process.env
  const coverage = NODE_V8_COVERAGE === undefined ? {} : { NODE_V8_COVERAGE }
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    env: { PATH, ...coverage, APP_ENV: 'demo', ...variables },
    encoding: 'utf8',
    timeout: 20_000,
  })
  return { status, stdout, stderr }
}

async function askForToken(authUrl: string, id: string, secret: string) {
  const authorization = basic(id, secret)
  const form = 'grant_type=client_credentials'
  const { status, body } = await post(`${authUrl}/token`, { authorization, form })
  return { status, token: recordSecret(body.access_token) }
}

async function maySayWhoIs(authUrl: string, serviceToken: unknown): Promise<boolean> {
  const authorization = bearer(String(serviceToken))
  const json = { token: 'anything' }
  return (await post(`${authUrl}/validateToken`, { authorization, json })).status === 200
}

describe('the program that manages clients', { skip: skipUnless('postgres', 'pg_dump') }, () => {
  const database = share(startProvisioned)
  const stores = () => ({ ACCOUNT_STORE: database().auth, TOKEN_STORE: database().auth })

  /** Makes a client and answers its secret. */
  function create(id: string): string {
    const { status, stdout, stderr } = run(['create', '--id', id, ...describing], stores())
    assert.deepEqual([status, stderr], [0, ''])
    return secretIn(stdout, id)
  }

  function secretIn(stdout: string, id: string): string {
    assert.match(stdout, new RegExp(`^${id} [\\w-]{43}\n$`))
    return recordSecret(stdout.slice(id.length + 1, -1))
  }

  it('makes a client that any auth knows at once', async (t) => {
    const auth = await startAuth(t, stores())

    const secret = create('made')

    const { token } = await askForToken(auth.url, 'made', secret)
    assert.equal(await maySayWhoIs(auth.url, token), true)
  })

  it('makes none whose id is taken or configured', () => {
    create('taken')
    const variables = { ...stores(), BUSINESS_CLIENT_ID: 'configured' }

    for (const id of ['taken', 'configured']) {
      const { status, stdout, stderr } = run(['create', '--id', id, ...describing], variables)
      assert.deepEqual([status, stdout], [1, ''])
      assert.equal(stderr, 'The id is that of another client, here or configured.\n')
    }
  })

  it('rotates the secret of a client while auth runs', async (t) => {
    const auth = await startAuth(t, stores())
    const old = create('rotated')
    const statusOf = async (secret: string) =>
      (await askForToken(auth.url, 'rotated', secret)).status

    const fresh = secretIn(run(['rotate', 'rotated'], stores()).stdout, 'rotated')
    const whileTwo = [await statusOf(old), await statusOf(fresh)]
    const dropped = run(['drop-old-secret', 'rotated'], stores())
    const afterwards = [await statusOf(old), await statusOf(fresh)]

    assert.deepEqual(dropped, { status: 0, stdout: '', stderr: '' })
    assert.deepEqual([...whileTwo, ...afterwards], [200, 200, 401, 200])
  })

  it('disables a client, whose tokens are dead when it ends', async (t) => {
    const auth = await startAuth(t, stores())
    const secret = create('disabled')
    const { token } = await askForToken(auth.url, 'disabled', secret)
    assert.equal(await maySayWhoIs(auth.url, token), true)

    const ended = run(['disable', 'disabled'], stores())

    assert.deepEqual(ended, { status: 0, stdout: '', stderr: '' })
    assert.equal(await maySayWhoIs(auth.url, token), false)
    assert.equal((await askForToken(auth.url, 'disabled', secret)).status, 401)
    run(['enable', 'disabled'], stores())
    assert.equal((await askForToken(auth.url, 'disabled', secret)).status, 200)
    assert.equal(await maySayWhoIs(auth.url, token), false)
  })

  it('says so where it does not know the store in which tokens could be ended', async (t) => {
    const ACCOUNT_STORE = database().auth
    const auth = await startAuth(t, { ACCOUNT_STORE })
    const secret = create('forgotten')

    const { status, stderr } = run(['disable', 'forgotten'], { ACCOUNT_STORE })

    assert.equal(status, 0)
    assert.match(stderr, /^It gets no token any more; those that it has live on/)
    assert.equal((await askForToken(auth.url, 'forgotten', secret)).status, 401)
  })

  it('fails where tokens could not be ended, and has disabled the client', () => {
    create('half-done')
    const TOKEN_STORE = 'redis://me:planted-secret@127.0.0.1:1'

    const { status, stdout, stderr } = run(['disable', 'half-done'], { ...stores(), TOKEN_STORE })

    assert.deepEqual([status, stdout], [1, ''])
    assert.doesNotMatch(stderr, /planted/)
    assert.match(run(['list'], stores()).stdout, /^half-done\tdisabled\t/m)
  })

  it('lists clients', () => {
    create('listed')

    const { status, stdout, stderr } = run(['list'], stores())

    assert.deepEqual([status, stderr], [0, ''])
    assert.match(stdout, /^listed\tenabled\t1 secret\ttokens:validate\tReports$/m)
  })

  it('leaves no secret in the database', async (t) => {
    const auth = await startAuth(t, stores())
    const secrets = [create('searched')]
    secrets.push(secretIn(run(['rotate', 'searched'], stores()).stdout, 'searched'))
    const { token } = await askForToken(auth.url, 'searched', secrets[0] ?? '')
    const dump = (await dumpOfPostgres(database().postgres))['dump of Postgres']

    assert.ok(dump.includes('searched'))
    assert.deepEqual(findSecrets(dump, [...secrets, String(token)]), [])
    assert.deepEqual(findSecrets(Buffer.from(auth.output()), [...secrets, String(token)]), [])
  })
})

describe('the program that manages clients without a store', () => {
  const planted = 'planted-secret'

  it('refuses one in memory, where no client would outlive it', () => {
    const { status, stdout, stderr } = run(['create', '--id', 'reports', ...describing], {})

    assert.deepEqual([status, stdout], [1, ''])
    const sentence =
      'ACCOUNT_STORE must not be memory: here, where no client would outlive this program.'
    assert.equal(stderr, `${sentence}\n`)
  })

  it('says how it is used where an argument is wrong, and repeats none', () => {
    const { status, stdout, stderr } = run(['create', '--secret', planted, planted], {})

    assert.deepEqual([status, stdout], [1, ''])
    assert.match(stderr, /^Usage: createClient --id/)
    assert.doesNotMatch(stderr, /planted/)
  })

  it('tells nothing of a store that cannot be reached', () => {
    const ACCOUNT_STORE = `postgres://me:${planted}@127.0.0.1:1/sallyport`

    const { status, stdout, stderr } = run(['list'], { ACCOUNT_STORE })

    assert.deepEqual([status, stdout], [1, ''])
    assert.notEqual(stderr, '')
    assert.doesNotMatch(stderr, /planted/)
  })
})
