import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { JWK } from 'jose'
import type { JwtValues } from '../../../src/auth/jwt/jwt-variables.ts'
import { openAccess } from '../../../src/auth/jwt/open-access.ts'
import { createKeySealing } from '../../../src/auth/jwt/sealing.ts'
import { postgresSigningKeys } from '../../../src/auth/jwt/signing-keys-postgres.ts'
import { systemClock } from '../../../src/clock.ts'
import { skipUnless } from '../../kit/installed.ts'
import { recordedLog } from '../../kit/log.ts'
import { startAuth, waitUntil } from '../../kit/processes.ts'
import { findSecrets } from '../../kit/secret-search.ts'
import { startUpOf } from '../../kit/start-up.ts'
import { dumpOfPostgres } from '../../kit/store-dumps.ts'
import { openAccountBacking, sharePostgres } from '../../storage/postgres/open-stores.ts'
import { keySetOf, request, values, verifyElsewhere } from './access-kit.ts'

const secret = 'planted-secret-to-encrypt-keys-under-1'
const withSecret: JwtValues = { ...values, KEY_ENCRYPTION_SECRET: secret }
const path = '/.well-known/jwks.json'

describe('keys on one Postgres', { skip: skipUnless('postgres', 'pg_dumpall') }, () => {
  const { server } = sharePostgres()

  /** An auth, as far as its keys are concerned. */
  async function open(t: TestContext, given = withSecret) {
    const { backing: accountBacking } = await openAccountBacking(t, server().auth)
    const core = { accountBacking, clock: systemClock, log: recordedLog() }
    return await openAccess(core, given)
  }

  const variables = (given = {}) => ({
    ACCOUNT_STORE: server().auth,
    KEY_ENCRYPTION_SECRET: secret,
    ...given,
  })

  it('are agreed on by eight auths that start together, of whose tokens each takes all', async (t) => {
    await server().emptyTables()

    const auths = await Promise.all(Array.from({ length: 8 }, () => open(t)))

    const kids = auths.map(({ ring }) => ring.current().kid)
    assert.deepEqual(new Set(kids).size, 1)
    for (const { accessTokens } of auths) {
      const { token } = await accessTokens.mint(request)
      const claims = await Promise.all(auths.map((other) => other.accessTokens.verify(token)))
      assert.ok(claims.every((one) => one?.sub === request.sub))
    }
  })

  it('are the same after a restart, and so their tokens are good', async (t) => {
    await server().emptyTables()
    const first = await open(t)
    const { token } = await first.accessTokens.mint(request)

    const second = await open(t)

    assert.equal((await second.accessTokens.verify(token))?.sub, request.sub)
    await verifyElsewhere(token, keySetOf(second.ring), Date.now())
  })

  it('are encrypted at rest: a dump has neither a private half nor the secret', async (t) => {
    await server().emptyTables()
    const { ring } = await open(t)
    const { backing } = await openAccountBacking(t, server().auth)
    const [filed] = (await postgresSigningKeys(backing).read()).keys
    assert.ok(filed !== undefined)
    const opened = createKeySealing(secret).open(filed.kid, filed.sealed)
    const { d = '' } = JSON.parse(String(opened)) as JWK
    const bytes = Buffer.from(d, 'base64url')

    const dump = (await dumpOfPostgres(server().postgres))['dump of Postgres']

    assert.equal(bytes.length, 32)
    assert.deepEqual(findSecrets(dump, [d, secret, bytes.toString('base64')]), [])
    assert.equal(dump.includes(bytes), false)
    assert.equal(dump.includes(bytes.toString('hex')), false)
    assert.ok(dump.includes(ring.current().kid))
  })

  it('are in memory where there is no secret to keep them under', async (t) => {
    await server().emptyTables()

    const { accessTokens } = await open(t, values)

    const { token } = await accessTokens.mint(request)
    const { backing } = await openAccountBacking(t, server().auth)
    assert.equal((await accessTokens.verify(token))?.sub, request.sub)
    assert.deepEqual((await postgresSigningKeys(backing).read()).keys, [])
  })

  it('let no auth start that has another secret, and its sentence has none of both', async (t) => {
    await server().emptyTables()
    await open(t)

    const KEY_ENCRYPTION_SECRET = 'another-planted-secret-of-32-letters-'
    const { code, output, find } = await startUpOf(t, 'auth', variables({ KEY_ENCRYPTION_SECRET }))

    const sentence = 'KEY_ENCRYPTION_SECRET is not the one under which the signing keys are stored.'
    assert.equal(code, 1)
    assert.equal(find(`auth could not start: ${sentence}`).length, 1)
    assert.deepEqual(find('listening'), [])
    assert.doesNotMatch(output, /planted/)
  })

  it('are shown by each of two processes, also those that somebody else made meanwhile', async (t) => {
    await server().emptyTables()
    const auths = await Promise.all([startAuth(t, variables()), startAuth(t, variables())])
    const kidsOf = async (url: string) => {
      const { keys } = (await (await fetch(url + path)).json()) as { keys: JWK[] }
      return keys.map(({ kid }) => kid)
    }
    const before = await Promise.all(auths.map(({ url }) => kidsOf(url)))
    const { keys, pairs } = await open(t)
    const next = await pairs.make('ES256')

    await keys.rotate(next, {
      publishedBeforeMilliseconds: 600_000,
      publishedAfterMilliseconds: 1,
    })

    assert.deepEqual(before[0], before[1])
    assert.equal(before[0]?.length, 1)
    for (const { url } of auths) await waitUntil(async () => (await kidsOf(url)).includes(next.kid))
  })
})
