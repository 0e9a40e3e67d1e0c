import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { bearer, post, readAnswer } from '../kit/auth-calls.ts'
import { databaseName } from '../kit/database-roles.ts'
import { skipUnless } from '../kit/installed.ts'
import { startAuth, waitUntil } from '../kit/processes.ts'
import { startProvisioned } from '../kit/provisioned.ts'
import { startRedis } from '../kit/redis.ts'
import { logIn } from '../kit/servers.ts'

const password = 'seven quiet herons'

describe('an administrator', { skip: skipUnless('postgres', 'redis-server') }, () => {
  it('is in the audit with a change that was made, though no session could be ended yet', async (t) => {
    const { call, ids } = await startUnsureOfEnds(t)

    const path = `/admin/users/${ids.bob}`
    const answer = await call('PATCH', path, { disabled: true })

    assert.equal(answer.status, 503)
    assert.match(String(answer.body.error_description), /^The change is made\./)
    assert.equal((await call('GET', path)).body.disabled, true)
    const audited = async () =>
      (await call('GET', '/admin/audit?type=user_disabled')).body.events as Record<
        string,
        unknown
      >[]
    await waitUntil(async () => (await audited()).length > 0)
    const told = (await audited()).map(({ sub, actor }) => [sub, actor])
    assert.deepEqual(told, [[ids.bob, ids.ann]])
  })
})

/** Whatever ends a session must be with a replica, and there is none. */
async function startUnsureOfEnds(t: TestContext) {
  const [{ postgres, auth: ACCOUNT_STORE }, redis] = await Promise.all([
    startProvisioned(t),
    startRedis(t),
  ])
  const stores = { ACCOUNT_STORE, TOKEN_STORE: redis.url, REDIS_WAIT_REPLICAS: '1' }
  const { url } = await startAuth(t, { ...stores, REGISTRATION: 'open' })
  const register = async (name: string) => {
    const json = { username: `${name}@example.com`, name, password }
    return String((await post(`${url}/register`, { json })).body.id)
  }
  const ids = { ann: await register('ann'), bob: await register('bob') }
  const promote = `update auth.users set roles = '{administrator}' where id = '${ids.ann}'`
  await postgres.psql(promote, databaseName)
  const token = await logIn(url, { username: 'ann@example.com', password })

  async function call(method: string, path: string, json?: unknown) {
    const headers = { authorization: bearer(token), 'content-type': 'application/json' }
    const body = json === undefined ? null : JSON.stringify(json)
    return await readAnswer(await fetch(`${url}${path}`, { method, headers, body }))
  }
  return { call, ids }
}
