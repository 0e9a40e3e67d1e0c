import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { callAt, post } from '../kit/auth-calls.ts'
import { skipUnless } from '../kit/installed.ts'
import { startAuth } from '../kit/processes.ts'
import { startRedis } from '../kit/redis.ts'
import { logIn } from '../kit/servers.ts'

const credentials = { username: 'ann@example.com', password: 'seven quiet herons' }

describe('Ending a session where no replica can confirm it', {
  skip: skipUnless('redis-server'),
}, () => {
  it('is a 503, and the session has ended', { timeout: 60_000 }, async (t) => {
    const redis = await startRedis(t)
    const stores = { TOKEN_STORE: redis.url, REDIS_WAIT_REPLICAS: '1' }
    const { url } = await startAuth(t, { ...stores, REGISTRATION: 'open' })
    await post(`${url}/register`, { json: { ...credentials, name: 'Ann' } })
    const [stolen, asking] = [await logIn(url, credentials), await logIn(url, credentials)]
    const { body } = await callAt(`${url}/sessions`, 'GET', { token: asking })
    const sessions = body.sessions as { id: string; is_current: boolean }[] // so the answer is declared
    const other = sessions.find((one) => !one.is_current)

    const { status } = await callAt(`${url}/sessions/${other?.id}`, 'DELETE', { token: asking })

    const [ofStolen, ofAsking] = [
      await callAt(`${url}/sessions`, 'GET', { token: stolen }),
      await callAt(`${url}/sessions`, 'GET', { token: asking }),
    ]
    assert.deepEqual([status, ofStolen.status, ofAsking.status], [503, 401, 200])
  })
})
