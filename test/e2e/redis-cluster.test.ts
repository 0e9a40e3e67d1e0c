/** The real servers with their tokens in a Cluster of which a node is gone for a while. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, it, type TestContext } from 'node:test'
import { systemClock } from '../../src/clock.ts'
import { openTokenStore } from '../../src/storage/open.ts'
import { subjectTagOf } from '../../src/storage/ports.ts'
import { parseStoreUrl } from '../../src/store-url.ts'
import { mintToken } from '../../src/tokens/token.ts'
import { demoServiceToken, postLogout, postValidation } from '../kit/demo.ts'
import { skipUnless } from '../kit/installed.ts'
import { recordedLog } from '../kit/log.ts'
import { startBoth, waitUntil } from '../kit/processes.ts'
import type { RedisServer } from '../kit/redis.ts'
import { type RedisCluster, startCluster } from '../kit/redis-cluster.ts'
import { redisUsers } from '../kit/redis-users.ts'
import { getData, testPurposes } from '../kit/servers.ts'
import { startSessionLoad, turnsOf } from '../kit/session-load.ts'
import { assertUnavailable } from '../kit/unavailable.ts'

describe('Servers with tokens in a Cluster of which a node is gone', {
  skip: skipUnless('redis-server'),
}, () => {
  it('say 503 for its sessions alone, and 200 for all when it is back', async (t) => {
    const { auth, business, node, lost, kept } = await startWithNode(t, 'of others')
    const serviceToken = await demoServiceToken(auth.url)
    const load = startSessionLoad({ auth, businesses: [business], tokens: [kept, lost] })
    t.after(() => load.stop())
    await waitUntil(() => load.sessions.every((one) => one.length > 20))
    await node.kill()
    await waitUntil(() => load.sessions[1]?.at(-1)?.status === 503)

    const list = await postValidation(auth.url, `Bearer ${serviceToken}`, { tokens: [lost, kept] })
    const together = await Promise.all([lost, kept, lost, kept].map((token) => dataOf(token)))
    const logout = await postLogout(auth.url, lost)

    const { results } = (await list.json()) as { results: readonly Record<string, unknown>[] }
    assert.deepEqual(results[0], { error: 'temporarily_unavailable' })
    assert.equal(results[1]?.authenticated, true)
    for (const [nth, response] of together.entries()) {
      if (nth % 2 === 0) await assertUnavailable(response)
      else assert.equal(response.status, 200)
    }
    assert.equal(logout.status, 503)
    assert.equal((await fetch(`${business.url}/readyz`)).status, 200)
    const restartedAt = Date.now()
    await node.restart()
    await waitUntil(() => load.sessions[1]?.at(-1)?.status === 200)
    t.diagnostic(`sessions after ${Date.now() - restartedAt} ms`)
    await load.stop()
    assert.deepEqual(load.sessions.map(turnsOf), [[200], [200, 503, 200]])
    assert.equal((await postLogout(auth.url, lost)).status, 204)
    assert.equal((await dataOf(lost)).status, 401)

    function dataOf(token: string): Promise<Response> {
      return getData(business.url, token)
    }
  })

  it('say 503 for all, and 401 for none, where business has its own tokens there', async (t) => {
    const { auth, business, node, lost, kept } = await startWithNode(t, 'of business')
    const load = startSessionLoad({ auth, businesses: [business], tokens: [kept, lost] })
    t.after(() => load.stop())
    await waitUntil(() => load.sessions.every((one) => one.length > 20))

    await node.kill()

    await waitUntil(() => load.sessions.every((one) => one.at(-1)?.status === 503))
    const answers = await Promise.all([lost, kept].map((token) => getData(business.url, token)))
    for (const answer of answers) await assertUnavailable(answer)
    await waitUntil(() => load.sessions.every((one) => one.at(-3)?.status === 503))
    const restartedAt = Date.now()
    await node.restart()
    await waitUntil(() => load.sessions.every((one) => one.at(-1)?.status === 200))
    t.diagnostic(`sessions after ${Date.now() - restartedAt} ms`)
    await load.stop()
    assert.deepEqual(
      load.sessions.map(turnsOf),
      load.sessions.map(() => [200, 503, 200]),
    )
  })
})

/** `lost` is a session on `node`, `kept` on another one. What business needs itself is on a node of one or the other kind. */
async function startWithNode(t: TestContext, kind: 'of business' | 'of others') {
  const users = redisUsers()
  const cluster = await startCluster(t, 3, { aclLines: users.lines, appendOnly: 'always' })
  const TOKEN_STORE = cluster.urlAs('sallyport_auth', users.authPassword)
  const { auth, business } = await startBoth(t, { TOKEN_STORE })
  const ofBusiness = await nodeOfTag(cluster, subjectTagOf('client:business'))
  const ofOthers = cluster.nodes.find((one) => one !== ofBusiness) as RedisServer // two of three
  const node = kind === 'of business' ? ofBusiness : ofOthers
  const lost = await issueOn(t, cluster, TOKEN_STORE, (one) => one === node)
  const kept = await issueOn(t, cluster, TOKEN_STORE, (one) => one !== node)
  return { auth, business, node, lost, kept }
}

/** A session of somebody whose tokens are on a node that is wanted. */
async function issueOn(
  t: TestContext,
  cluster: RedisCluster,
  storeUrl: string,
  isWanted: (node: RedisServer) => boolean,
): Promise<string> {
  let sub = randomUUID()
  while (!isWanted(await nodeOfTag(cluster, subjectTagOf(sub)))) sub = randomUUID()
  const url = parseStoreUrl(storeUrl)
  assert.ok(url !== undefined)
  const options = { clock: systemClock, log: recordedLog(), maxTokens: 0, waitReplicas: 0 }
  const { tokens } = await openTokenStore({ url, ...options })
  t.after(() => tokens.close())
  const purpose = testPurposes.session
  const { token, filed } = mintToken({
    purpose,
    sub,
    name: 'Test User',
    scope: '',
    mark: undefined,
  })
  await tokens.issue(filed)
  return token
}

async function nodeOfTag(cluster: RedisCluster, tag: string): Promise<RedisServer> {
  return await cluster.nodeOf(`sallyport:auth:{${tag}}`)
}
