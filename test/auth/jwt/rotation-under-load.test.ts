import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as jose from 'jose'
import { createKeyPairs } from '../../../src/auth/jwt/key-pairs.ts'
import { createKeySealing } from '../../../src/auth/jwt/sealing.ts'
import { postgresSigningKeys } from '../../../src/auth/jwt/signing-keys-postgres.ts'
import { post } from '../../kit/auth-calls.ts'
import { demoCredentials } from '../../kit/demo.ts'
import { skipUnless } from '../../kit/installed.ts'
import { startAuth, startBusiness, untilReady } from '../../kit/processes.ts'
import { getData } from '../../kit/servers.ts'
import { openAccountBacking, sharePostgres } from '../../storage/postgres/open-stores.ts'

const KEY_ENCRYPTION_SECRET = 'a-secret-to-keep-keys-under-in-tests-32'
/** More than it takes auth to read the keys again; in earnest it is more than it takes caches. */
const publishedBeforeMilliseconds = 8_000

describe('a rotation of the keys of two auths', { skip: skipUnless('postgres') }, () => {
  const { server } = sharePostgres()

  it('fails no refresh under load, and no request of a business that checks tokens itself, neither with old ones nor with new', async (t) => {
    await server().emptyTables()
    const stores = { ACCOUNT_STORE: server().auth, TOKEN_STORE: server().auth }
    const variables = { ...stores, KEY_ENCRYPTION_SECRET }
    const auths = await Promise.all([startAuth(t, variables), startAuth(t, variables)])
    const AUTH_URL = auths.map(({ url }) => url).join(',')
    const business = await startBusiness(t, { AUTH_URL, VALIDATION: 'local' })
    await untilReady(business.url)
    const { body } = await post(`${auths[0].url}/login/jwt`, { json: demoCredentials })
    let { access_token: access, refresh_token: refresh } = body as Record<string, string>
    const tokens = [String(access)]
    const { backing } = await openAccountBacking(t, server().auth)
    const sealing = createKeySealing(KEY_ENCRYPTION_SECRET)
    const next = await createKeyPairs({ jose, sealing }).make('ES256')

    await postgresSigningKeys(backing).rotate(next, {
      publishedBeforeMilliseconds,
      publishedAfterMilliseconds: 360_000,
    })
    const failed: string[] = []
    let asked = 0
    const until = Date.now() + publishedBeforeMilliseconds + 4_000
    while (Date.now() < until) {
      const { url } = auths[tokens.length % 2 === 0 ? 0 : 1]
      const { status, body: pair } = await post(`${url}/refresh`, {
        json: { refresh_token: refresh },
      })
      if (status !== 200) failed.push(`refresh ${status}`)
      ;({ access_token: access, refresh_token: refresh } = pair as Record<string, string>)
      tokens.push(String(access))
      const recent = [...tokens.slice(0, 4), ...tokens.slice(-12)]
      const answers = await Promise.all(recent.map((token) => getData(business.url, token)))
      asked += answers.length
      for (const answer of answers)
        if (answer.status !== 200) failed.push(`data ${answer.status} ${await answer.text()}`)
    }

    const kids = new Set(tokens.map((token) => jose.decodeProtectedHeader(token).kid))
    assert.deepEqual(failed, [])
    assert.equal(kids.size, 2)
    assert.ok(kids.has(next.kid))
    assert.ok(asked > 100, `${asked} requests`)
  })
})
