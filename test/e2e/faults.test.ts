import assert from 'node:assert/strict'
import { cpus } from 'node:os'
import { describe, it } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { countOf, startLoadOfData } from '../kit/data-load.ts'
import { logInDemo, postLogin, refusalIn } from '../kit/demo.ts'
import { startAuth, startBoth, untilReady, waitUntil } from '../kit/processes.ts'
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
