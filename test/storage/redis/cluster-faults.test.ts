/** A node of a Cluster that is down or hangs: its tokens are 503, the others go on. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { PartlyUnavailable, type TokenStore } from '../../../src/storage/ports.ts'
import { skipUnless } from '../../kit/installed.ts'
import { waitUntil } from '../../kit/processes.ts'
import type { RedisServer } from '../../kit/redis.ts'
import { type RedisCluster, startCluster } from '../../kit/redis-cluster.ts'
import { redisUsers } from '../../kit/redis-users.ts'
import { share } from '../../kit/shared-servers.ts'
import { assertUnavailable } from '../contract.ts'
import { type Issued, isAlive, issue, session, verifyEmail } from '../token-store-kit.ts'
import { openStore } from './open-tokens.ts'

describe('A Cluster of which a node', { skip: skipUnless('redis-server') }, () => {
  const users = redisUsers()
  const cluster = share((context) =>
    startCluster(context, 3, { aclLines: users.lines, appendOnly: 'always' }),
  )

  it('is gone answers for the others, and for all when it is back', async (t) => {
    const { store, lost, kept, node } = await openWithTokens(t)
    await node.kill()

    const answers = await partsOf(store, [lost, kept])

    assert.deepEqual(answers, ['unavailable', kept.living.id])
    await assertUnavailable(store.revoke(lost.key, session))
    assert.equal(await isAlive(store, kept), true)
    await node.restart()
    await waitUntil(() => isAlive(store, lost).catch(() => false), 5)
    assert.deepEqual((await store.reinflate([lost.key, kept.key], session)).length, 2)
  })

  it('is gone can be connected to, for the others, and for all when it is back', async (t) => {
    const { lost, kept, node } = await openWithTokens(t)
    await node.kill()

    const store = open(t)

    await waitUntil(() => isAlive(store, kept).catch(() => false), 5)
    await assertUnavailable(store.peek(lost.key, session))
    await node.restart()
    await waitUntil(() => isAlive(store, lost).catch(() => false), 5)
  })

  it('is gone can do its work, whichever node that is', async (t) => {
    const store = open(t)
    for (const node of cluster().nodes) {
      await node.kill()

      await waitUntil(() => succeeds(store.ping()), 5)

      await node.restart()
      for (const one of cluster().nodes)
        await waitUntil(async () => (await one.cli('CLUSTER', 'INFO')).includes('_state:ok'))
    }
  })

  it('hangs answers for the others, and for all when it goes on', async (t) => {
    const { store, lost, kept, node } = await openWithTokens(t)
    node.stop()
    t.after(() => node.resume())

    const answers = await partsOf(store, [lost, kept])

    assert.deepEqual(answers, ['unavailable', kept.living.id])
    for (let nth = 0; nth < 20; nth++) assert.equal(await isAlive(store, kept), true)
    node.resume()
    await waitUntil(() => isAlive(store, lost).catch(() => false), 5)
  })

  it('hangs does not take a token when it goes on that it was not asked for in time', async (t) => {
    const { store, node, lost } = await openWithTokens(t)
    const code = await issue(store, { purpose: verifyEmail, sub: lost.sub })
    node.stop()
    t.after(() => node.resume())
    // The first finds out that the node hangs. From then on nothing is sent to it.
    await assertUnavailable(store.peek(lost.key, session))
    await waitUntil(async () => {
      const startedAt = Date.now()
      await assertUnavailable(store.peek(lost.key, session))
      return Date.now() - startedAt < 600
    }, 5)

    await assertUnavailable(store.take(code.key, verifyEmail))

    node.resume()
    await waitUntil(() => isAlive(store, code, verifyEmail).catch(() => false), 5)
    const taken = await store.take(code.key, verifyEmail)
    assert.equal(taken?.id, code.living.id)
  })

  it('hangs is not sent a script that it did not know when the deadline has passed', async (t) => {
    const { store, node, lost } = await openWithTokens(t)
    const code = await issue(store, { purpose: verifyEmail, sub: lost.sub })
    await node.cli('SCRIPT', 'FLUSH')
    node.stop()
    t.after(() => node.resume())

    await assertUnavailable(store.take(code.key, verifyEmail))

    node.resume()
    await waitUntil(() => isAlive(store, code, verifyEmail).catch(() => false), 5)
  })

  function open(t: TestContext): TokenStore {
    return openStore(t, cluster().urlAs('sallyport_auth', users.authPassword))
  }

  /** A token of the last node, and one of another. */
  async function openWithTokens(t: TestContext) {
    const store = open(t)
    const node = cluster().nodes[2] as RedisServer // there are three
    const lost = await issueOn(store, cluster(), (one) => one === node)
    const kept = await issueOn(store, cluster(), (one) => one !== node)
    return { store, node, lost, kept }
  }
})

async function issueOn(
  store: TokenStore,
  cluster: RedisCluster,
  isWanted: (node: RedisServer) => boolean,
): Promise<Issued> {
  for (;;) {
    const issued = await issue(store)
    const tag = `{${issued.key.subjectTag}}`
    if (isWanted(await cluster.nodeOf(tag))) return issued
  }
}

async function succeeds(call: Promise<unknown>): Promise<boolean> {
  return await call.then(
    () => true,
    () => false,
  )
}

/** What a list comes to of which a part cannot be asked about. */
async function partsOf(store: TokenStore, tokens: readonly Issued[]) {
  const keys = tokens.map(({ key }) => key)
  const error = await store.reinflate(keys, session).then(
    () => assert.fail('all could be asked about'),
    (refusal: unknown) => refusal,
  )
  assert.ok(error instanceof PartlyUnavailable, String(error))
  return error.answers.map((one) => (typeof one === 'object' ? one.id : one))
}
