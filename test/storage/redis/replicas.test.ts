import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { skipUnless } from '../../kit/installed.ts'
import { waitUntil } from '../../kit/processes.ts'
import { startRedis } from '../../kit/redis.ts'
import { redisUsers } from '../../kit/redis-users.ts'
import { assertUnavailable } from '../contract.ts'
import { isAlive, issue, session, verifyEmail } from '../token-store-kit.ts'
import { openStore } from './open-tokens.ts'
import { untilAcknowledged } from './own-redis.ts'

describe('Takes and revocations that one replica must have', {
  skip: skipUnless('redis-server'),
}, () => {
  it('succeed while it is there, and are there', async (t) => {
    const { store, replica } = await startReplicated(t)
    const [code, login, other] = [
      await issue(store, { purpose: verifyEmail }),
      await issue(store),
      await issue(store),
    ]

    const taken = await store.take(code.key, verifyEmail)
    const revoked = await store.revoke(login.key, session)
    await store.revokeSubject(other.sub, [session])

    assert.deepEqual([taken?.id, revoked?.id], [code.living.id, login.living.id])
    assert.equal(await isAlive(store, other), false)
    const names = (await replica.cli('KEYS', '*')).split('\n').map((name) => name.split(':')[3])
    assert.deepEqual(names.sort(), ['m', 't'])
  })

  it('are 503 in time while it hangs, and hold no validation up', async (t) => {
    const { store, replica } = await startReplicated(t)
    const [code, login] = [await issue(store, { purpose: verifyEmail }), await issue(store)]
    replica.stop()
    t.after(() => replica.resume())
    const startedAt = Date.now()
    let isOver = false

    const answers = [
      assertUnavailable(store.take(code.key, verifyEmail)),
      assertUnavailable(store.revokeSubject('somebody', [session])),
    ]

    const over = Promise.all(answers).finally(() => {
      isOver = true
    })
    for (let nth = 1; nth <= 20; nth++) {
      const [reinflated] = await store.reinflate([login.key], session)
      assert.equal(reinflated?.refreshCount, nth)
    }
    assert.equal(isOver, false)
    await over
    const milliseconds = Date.now() - startedAt
    assert.equal(milliseconds >= 490 && milliseconds < 1_200, true, `${milliseconds} ms`)
    replica.resume()
    await waitUntil(() => canRevokeSubject(store), 5)
  })

  it('are 503 in time while it is gone', async (t) => {
    const { store, replica } = await startReplicated(t)
    const login = await issue(store)
    await replica.kill()
    const startedAt = Date.now()

    await assertUnavailable(store.revoke(login.key, session))

    const milliseconds = Date.now() - startedAt
    assert.equal(milliseconds < 1_200, true, `${milliseconds} ms`)
    await replica.restart()
    await waitUntil(() => canRevokeSubject(store), 5)
  })

  it('need none where none is asked for', async (t) => {
    const { store, replica } = await startReplicated(t, { waitReplicas: 0 })
    const login = await issue(store)
    await replica.kill()

    const revoked = await store.revoke(login.key, session)

    assert.equal(revoked?.id, login.living.id)
  })
})

async function startReplicated(t: TestContext, { waitReplicas = 1 } = {}) {
  const users = redisUsers()
  const options = { aclLines: users.lines }
  const master = await startRedis(t, options)
  const replica = await startRedis(t, { ...options, replicaOf: master })
  const url = master.urlAs('sallyport_auth', users.authPassword)
  const store = openStore(t, url, { waitReplicas })
  await master.cli('SET', 'x', 'y')
  await untilAcknowledged(master)
  await master.cli('DEL', 'x')
  return { store, replica }
}

async function canRevokeSubject(store: ReturnType<typeof openStore>): Promise<boolean> {
  return await store.revokeSubject('somebody', [session]).then(
    () => true,
    () => false,
  )
}
