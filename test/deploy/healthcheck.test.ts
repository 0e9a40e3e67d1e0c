import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { describe, it } from 'node:test'
import { makeCertificate } from '../kit/certificate.ts'
import { skipUnless } from '../kit/installed.ts'
import { listenOnFreePort } from '../kit/listen.ts'
import { startAuth, type Variables } from '../kit/processes.ts'

describe('the health check of a container', () => {
  it('is content with a server that lives', async (t) => {
    const auth = await startAuth(t)

    assert.equal(await check('auth', { AUTH_PORT: portOf(auth.url) }), 0)
  })

  it('is content with one that speaks TLS', { skip: skipUnless('openssl') }, async (t) => {
    const { certFile, keyFile } = makeCertificate(t)
    const auth = await startAuth(t, { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile })

    const variables = { AUTH_PORT: portOf(auth.url), TLS_CERT_FILE: certFile }
    assert.equal(await check('auth', variables), 0)
  })

  it('fails where nobody listens, nobody answers, or the answer is another one', async (t) => {
    const silent = await listenOnFreePort(t, createServer())
    const faulty = await listenOnFreePort(
      t,
      createServer((_request, response) => response.writeHead(500).end()),
    )

    const codes = await Promise.all([
      check('business', { BUSINESS_PORT: '1' }),
      check('business', { BUSINESS_PORT: portOf(silent) }),
      check('business', { BUSINESS_PORT: portOf(faulty) }),
      check('nobody', {}),
    ])

    assert.deepEqual(codes, [1, 1, 1, 1])
  })
})

function portOf(url: string): string {
  return new URL(url).port
}

async function check(name: string, variables: Variables): Promise<unknown> {
  const child = spawn(process.execPath, ['deploy/healthcheck.mjs', name], {
    env: variables,
    stdio: 'ignore',
  })
  const [code] = await once(child, 'close')
  return code
}
