/** What holds on memory alone: other stores sweep by themselves, and are full by their own measure. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { makeCertificate } from '../kit/certificate.ts'
import { startLoadOfData } from '../kit/data-load.ts'
import { logInDemo, postLogin, refusalIn } from '../kit/demo.ts'
import { startAuth, startBoth, waitUntil } from '../kit/processes.ts'
import { wantedByCapabilities } from '../kit/production.ts'
import { getData } from '../kit/servers.ts'
import { startUpOf } from '../kit/start-up.ts'

describe('The cleanup of auth', () => {
  it('is never left unstarted by the entry point, nor dead after its first round', async (t) => {
    const auth = await startAuth(t, { SESSION_TTL_SECONDS: '1', CLEANUP_INTERVAL_SECONDS: '1' })
    await logInDemo(auth.url)
    await waitUntil(() => auth.find('cleaned up').length === 1)
    await logInDemo(auth.url)

    await waitUntil(() => auth.find('cleaned up').length === 2)

    const rounds = auth.find('cleaned up').map(({ evicted, living }) => ({ evicted, living }))
    assert.deepEqual(rounds, [
      { evicted: 1, living: 0 },
      { evicted: 1, living: 0 },
    ])
  })
})

describe('A full token store', () => {
  it('refuses one login too many and drops no living token', async (t) => {
    const { auth, business } = await startFull(t)
    const token = await logInDemo(auth.url)

    const second = await postLogin(auth.url)

    assert.match(second.headers.get('retry-after') ?? '', /^\d+$/)
    assert.equal((await refusalIn(second)).code, 'temporarily_unavailable')
    assert.equal((await getData(business.url, token)).status, 200)
  })

  it('stops neither /data nor the renewal of the service token', async (t) => {
    const { auth, business } = await startFull(t)
    const token = await logInDemo(auth.url)
    await postLogin(auth.url)
    const renewedBefore = auth.find('service token granted').length
    const load = startLoadOfData(business, token)

    await waitUntil(() => auth.find('service token granted').length >= renewedBefore + 3)

    const { statuses, cut } = await load.stop()
    assert.deepEqual([...statuses.keys()], [200])
    assert.deepEqual(cut, [])
  })

  it('takes logins again as soon as a session has ended', async (t) => {
    const { auth } = await startFull(t, { SESSION_TTL_SECONDS: '1' })
    await logInDemo(auth.url)
    const refused = await postLogin(auth.url)
    await wait(1_050)

    const response = await postLogin(auth.url)

    assert.deepEqual([refused.status, response.status], [503, 200])
  })

  /** 1,000 places are kept for service tokens, so there is one for a session. */
  async function startFull(t: TestContext, variables = {}) {
    return await startBoth(t, { MAX_TOKENS: '1001', SERVICE_TTL_SECONDS: '1', ...variables })
  }
})

describe('Accidents of several processes', () => {
  it('never let several workers each have a memory of their own: production has none', async (t) => {
    const { certFile, keyFile } = makeCertificate(t)
    const sound = {
      ...wantedByCapabilities,
      APP_ENV: 'production',
      BUSINESS_CLIENT_SECRET: 'a-secret-for-tests-of-32-characters-or-more',
      SESSION_TTL_SECONDS: '30',
      TLS_CERT_FILE: certFile,
      TLS_KEY_FILE: keyFile,
    }

    const byDefault = await startUpOf(t, 'auth', sound)
    const said = await startUpOf(t, 'auth', {
      ...sound,
      TOKEN_STORE: 'memory:',
      ACCOUNT_STORE: 'memory:',
    })

    const sentences = [
      'TOKEN_STORE must not be memory: in production, which ends with its process.',
      'ACCOUNT_STORE must not be memory: in production, which ends with its process.',
    ]
    for (const { code, output } of [byDefault, said]) {
      assert.equal(code, 1)
      assert.deepEqual(output.trimEnd().split('\n'), sentences)
    }
  })
})
