import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { startFakeSentinel } from '../../kit/fake-sentinel.ts'
import { skipUnless } from '../../kit/installed.ts'
import { waitUntil } from '../../kit/processes.ts'
import { startRedis } from '../../kit/redis.ts'
import { assertUnavailable } from '../contract.ts'
import { isAlive, issue, session } from '../token-store-kit.ts'
import { openStore } from './open-tokens.ts'
import { startOwnRedis, untilAcknowledged } from './own-redis.ts'

describe('A replica that a Sentinel takes for the master', {
  skip: skipUnless('redis-server'),
}, () => {
  it('is asked for no token, and the master is as soon as the Sentinel names it', async (t) => {
    const { redis: master, users, url } = await startOwnRedis(t)
    const replica = await startRedis(t, { aclLines: users.lines, replicaOf: master })
    const login = await issue(openStore(t, url))
    await untilAcknowledged(master)
    const sentinel = await startFakeSentinel(t, replica)
    const store = openStore(t, sentinel.urlAs('sallyport_auth', users.authPassword))

    await assertUnavailable(store.peek(login.key, session))

    sentinel.name(master)
    await waitUntil(() => isAlive(store, login).catch(() => false), 3)
    const commands = await replica.cli('INFO', 'commandstats')
    assert.match(commands, /cmdstat_role:/)
    assert.doesNotMatch(commands, /cmdstat_eval/)
  })
})
