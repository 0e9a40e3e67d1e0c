import assert from 'node:assert/strict'
import { cpus } from 'node:os'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { logInDemo, postLogin, refusalIn } from '../kit/demo.ts'
import { startLoad } from '../kit/keep-alive-load.ts'
import {
  type ServerProcess,
  startAuth,
  startBoth,
  untilReady,
  waitUntil,
} from '../kit/processes.ts'
import { getData } from '../kit/servers.ts'

describe('business, while auth is killed and started again', () => {
  it('answers 503 and never 401, lets nobody wait, and recovers by itself', async (t) => {
    const { auth, business } = await startBoth(t)
    const token = await logInDemo(auth.url)
    const load = startLoadOfData(business, token)
    await waitUntil(() => countOf(load, 200) > 50)

    auth.signal('SIGKILL')
    await auth.ended
    await waitUntil(() => countOf(load, 503) > 50)
    const { statuses, cut, refused, slowestMilliseconds } = await load.stop()
    const { port } = new URL(auth.url)
    const reborn = await startAuth(t, { AUTH_PORT: port })
    const fresh = await logInDemo(reborn.url)

    assert.deepEqual(new Set(statuses.keys()), new Set([200, 503]))
    assert.deepEqual({ cut, refused }, { cut: [], refused: 0 })
    assert.equal(slowestMilliseconds < 3_000, true)
    await waitUntil(async () => (await getData(business.url, fresh)).status === 200, 3)
    await untilReady(business.url)
  })

  it('says when to come again, and is not ready meanwhile', async (t) => {
    const { auth, business } = await startBoth(t)
    const token = await logInDemo(auth.url)
    auth.signal('SIGKILL')
    await auth.ended

    const response = await getData(business.url, token)

    assert.match(response.headers.get('retry-after') ?? '', /^\d+$/)
    assert.equal((await refusalIn(response)).code, 'temporarily_unavailable')
    await waitUntil(async () => (await fetch(`${business.url}/readyz`)).status === 503)
    assert.equal((await fetch(`${business.url}/healthz`)).status, 200)
  })

  it('lets nobody wait for an auth that hangs', async (t) => {
    const { auth, business } = await startBoth(t)
    const token = await logInDemo(auth.url)
    auth.signal('SIGSTOP')
    t.after(() => auth.signal('SIGCONT'))
    const startedAt = Date.now()

    const hung = await getData(business.url, token)

    assert.equal(hung.status, 503)
    assert.equal(Date.now() - startedAt < 5_000, true)
    auth.signal('SIGCONT')
    await waitUntil(async () => (await getData(business.url, token)).status === 200, 3)
  })
})

describe('A flood of logins', () => {
  it('is refused beyond the queue, and stops neither /data nor the service token', async (t) => {
    const { auth, business } = await startBoth(t, { SERVICE_TTL_SECONDS: '1' })
    t.after(() => auth.signal('SIGKILL')) // else it would hash for all who still wait
    const token = await logInDemo(auth.url)
    const given = new AbortController()
    const { signal } = given
    const capacity = 65 * Math.max(1, cpus().length - 1)
    const flood = Array.from({ length: capacity + 20 }, () =>
      postLogin(auth.url, undefined, { signal }).catch(() => undefined),
    )
    await waitUntil(() => auth.find('refused').length > 0)
    const renewedBefore = auth.find('service token granted').length
    const load = startLoadOfData(business, token)

    await wait(2_500)

    const { statuses, slowestMilliseconds } = await load.stop()
    const renewals = auth.find('service token granted').length - renewedBefore
    given.abort()
    const answers = (await Promise.all(flood)).filter((one) => one !== undefined)
    const refused = answers.filter(({ status }) => status === 503)
    assert.deepEqual([...statuses.keys()], [200])
    assert.equal(slowestMilliseconds < 1_000, true)
    assert.equal(renewals >= 2, true)
    assert.equal(refused.length >= 19, true)
    assert.match(refused[0]?.headers.get('retry-after') ?? '', /^\d+$/)
    assert.deepEqual(
      new Set([...answers.map(({ status }) => status), 200, 503]),
      new Set([200, 503]),
    )
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

function startLoadOfData({ url }: ServerProcess, token: string) {
  const request = `GET /data HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`
  return startLoad({ url, request, connections: 8 })
}

function countOf(load: ReturnType<typeof startLoad>, status: number): number {
  return load.outcomes().statuses.get(status) ?? 0
}
