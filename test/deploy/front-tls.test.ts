import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { skipUnless } from '../kit/installed.ts'
import { startFrontWith, startRecorder } from './front.ts'
import { makeSecrets } from './secrets.ts'

describe('nginx with TLS to the servers', { skip: skipUnless('nginx', 'openssl') }, () => {
  it('speaks to servers whose certificates are those that were made for them', async (t) => {
    const secrets = makeSecrets(t)
    const { call } = await startFrontWithSecrets(t, secrets, secrets)

    const statuses = [(await call('auth')).status, (await call('business')).status]

    assert.deepEqual(statuses, [200, 200])
  })

  it('says nothing to servers with certificates of another authority, or of each other', async (t) => {
    const secrets = makeSecrets(t)
    const others = await startFrontWithSecrets(t, secrets, makeSecrets(t))
    const swapped = await startFrontWithSecrets(t, secrets, secrets, { isSwapped: true })

    const statuses = [
      (await others.call('auth')).status,
      (await others.call('business')).status,
      (await swapped.call('auth')).status,
      (await swapped.call('business')).status,
    ]

    assert.deepEqual(statuses, [503, 503, 503, 503])
    assert.deepEqual([others.seen().length, swapped.seen().length], [0, 0])
  })
})

/** Servers with the certificates of one folder, behind an nginx that trusts the authority of the other. */
async function startFrontWithSecrets(
  t: TestContext,
  ofFront: string,
  ofServers: string,
  { isSwapped = false } = {},
) {
  const start = async (name: string) => {
    const read = (what: string) => readFileSync(join(ofServers, `${name}_${what}.pem`), 'utf8')
    const tls = { cert: read('cert'), key: read('key') }
    return await startRecorder(t, (_request, response) => response.end(), tls)
  }
  const auth = await start(isSwapped ? 'business' : 'auth')
  const business = await start(isSwapped ? 'auth' : 'business')
  const started = await startFrontWith(t, {
    auth: [auth.server, auth.server],
    business: [business.server, business.server],
    caFile: join(ofFront, 'authority_cert.pem'),
  })
  return { ...started, seen: () => [...auth.seen, ...business.seen] }
}
