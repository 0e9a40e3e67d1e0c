import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { postgresSigningKeys } from '../../../src/auth/jwt/signing-keys-postgres.ts'
import { skipUnless } from '../../kit/installed.ts'
import type { Variables } from '../../kit/processes.ts'
import { openAccountBacking, sharePostgres } from '../../storage/postgres/open-stores.ts'
import { kidsOf } from './signing-keys-kit.ts'

const script = fileURLToPath(new URL('../../../src/auth/jwt/main-rotate-keys.js', import.meta.url))
const KEY_ENCRYPTION_SECRET = 'planted-secret-to-encrypt-keys-under-1'

/** What the script leaves behind, called with these arguments and variables. */
function rotateKeys(args: readonly string[], variables: Variables) {
  const { PATH = '', NODE_V8_COVERAGE } = process.env
  const coverage = NODE_V8_COVERAGE === undefined ? {} : { NODE_V8_COVERAGE }
  const env = { PATH, ...coverage, APP_ENV: 'demo', ...variables }
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    env,
    encoding: 'utf8',
    timeout: 20_000,
  })
  assert.doesNotMatch(stdout + stderr, /planted/)
  return { status, stderr, lines: stdout.split('\n').slice(0, -1) }
}

describe('the script that rotates keys', { skip: skipUnless('postgres') }, () => {
  const { server } = sharePostgres()
  const variables = () => ({ ACCOUNT_STORE: server().auth, KEY_ENCRYPTION_SECRET })

  it('puts a next key behind the current, and says the next time when that will sign', async (t) => {
    await server().emptyTables()
    const { backing } = await openAccountBacking(t, server().auth)

    const first = rotateKeys([], variables())
    const again = rotateKeys([], variables())

    const [current, next] = await kidsOf(postgresSigningKeys(backing))
    assert.deepEqual([first.status, again.status], [0, 0])
    assert.match(first.lines[0] ?? '', new RegExp(`^${current} is current until 20.*Z\\.$`))
    assert.match(first.lines[1] ?? '', new RegExp(`^${next} is next: it signs from 20.*Z on\\.$`))
    assert.deepEqual(again.lines, ['There is a next key already.', ...first.lines])
  })

  it('replaces all of them at once where it is told so', async (t) => {
    await server().emptyTables()
    const { backing } = await openAccountBacking(t, server().auth)
    rotateKeys([], variables())
    const before = await kidsOf(postgresSigningKeys(backing))

    const { status, lines } = rotateKeys(['--now'], variables())

    const [kid = '', ...others] = await kidsOf(postgresSigningKeys(backing))
    assert.equal(status, 0)
    assert.deepEqual([before.length, before.includes(kid), others], [2, false, []])
    assert.deepEqual(lines, [`${kid} is current.`])
  })

  it('changes nothing under another secret', async (t) => {
    await server().emptyTables()
    const { backing } = await openAccountBacking(t, server().auth)
    rotateKeys([], variables())
    const before = await kidsOf(postgresSigningKeys(backing))

    const other = { ...variables(), KEY_ENCRYPTION_SECRET: `other-${KEY_ENCRYPTION_SECRET}` }
    const { status, stderr } = rotateKeys(['--now'], other)

    assert.equal(status, 1)
    assert.match(stderr, /^No key was rotated: KEY_ENCRYPTION_SECRET is not the one /)
    assert.deepEqual(await kidsOf(postgresSigningKeys(backing)), before)
  })

  it('refuses keys in memory, of which it would have its own', () => {
    const { KEY_ENCRYPTION_SECRET: _, ...withoutSecret } = variables()

    for (const [index, given] of [{ KEY_ENCRYPTION_SECRET }, withoutSecret].entries()) {
      const { status, stderr } = rotateKeys([], given)
      assert.equal(status, 1, `case ${index}`)
      assert.match(stderr, /^No key was rotated: it needs the ACCOUNT_STORE and the KEY_/)
    }
  })

  it('says how it is used where an argument is wrong, and repeats none', () => {
    for (const args of [['--later'], ['planted'], ['--now', 'planted']]) {
      const { status, stderr } = rotateKeys(args, variables())
      assert.deepEqual([status, stderr], [1, 'Usage: rotateKeys [--now]\n'])
    }
  })

  it('rotates nothing where the store cannot be reached', () => {
    const ACCOUNT_STORE = 'postgres://me:planted@127.0.0.1:1/sallyport'

    const { status, stderr } = rotateKeys([], { ...variables(), ACCOUNT_STORE })

    assert.equal(status, 1)
    assert.match(stderr, /^No key was rotated: /)
  })
})
