import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { TokenStore } from '../../../src/storage/ports.ts'
import { manualClock } from '../../kit/clock.ts'
import { skipUnless } from '../../kit/installed.ts'
import { waitUntil } from '../../kit/processes.ts'
import { openLogged, startOwnRedis } from '../../storage/redis/own-redis.ts'
import { ann, password, startAccounts } from './accounts-kit.ts'

const chosen = 'another long password'

describe('A Redis that crashes after a password was changed, and has lost its last seconds', {
  skip: skipUnless('redis-server'),
  timeout: 60_000,
}, () => {
  it('ends the sessions of before again, however often, and lets live what begins then', async (t) => {
    const { isAlive, logIn, changePassword, save, crash, runJobs } = await start(t)
    const stolen = await logIn()
    await save()
    await changePassword(await logIn())
    const seen = [await isAlive(stolen)]

    for (let nth = 1; nth <= 2; nth++) {
      await crash()
      seen.push(await isAlive(stolen))
      await runJobs()
      seen.push(await isAlive(stolen))
    }
    const later = await logIn({ ...ann, password: chosen })
    await runJobs()

    assert.deepEqual(seen, [false, true, false, true, false])
    assert.equal(await isAlive(later), true)
  })

  it('ends a session, too, that began between its return and that', async (t) => {
    const { isAlive, logIn, changePassword, save, crash, runJobs } = await start(t)
    await save()
    await changePassword(await logIn())
    await crash()
    const between = await logIn({ ...ann, password: chosen })

    await runJobs()

    assert.equal(await isAlive(between), false)
  })

  it('is told again until it has known of the end for long enough, and then no more', async (t) => {
    const { logIn, changePassword, letPass, runJobs } = await start(t)
    await changePassword(await logIn())

    const soon = [await runJobs(), await runJobs()]
    await letPass(6_000)
    const later = [await runJobs(), await runJobs()]

    assert.deepEqual(
      [soon, later],
      [
        [1, 1],
        [1, 0],
      ],
    )
  })
})

async function start(t: TestContext) {
  const { redis, url } = await startOwnRedis(t)
  const { store, backing: tokenBacking } = openLogged(t, url)
  const ends: Promise<unknown>[] = []
  const tokens: TokenStore = {
    ...store,
    revokeSubject(...args) {
      const end = store.revokeSubject(...args)
      ends.push(end)
      return end
    },
  }
  const clock = manualClock(Date.now())
  const auth = await startAccounts(t, { tokens, tokenBacking, clock })
  await auth.register()

  return {
    ...auth,
    changePassword: async (token: string) => {
      const json = { current_password: password, new_password: chosen }
      assert.equal((await auth.call('POST', '/me/password', { token, json })).status, 204)
    },
    /** What it comes back with after a crash. */
    save: () => redis.cli('SAVE'),
    crash: async () => {
      await redis.kill('SIGKILL')
      await redis.restart()
      const isBack = () =>
        store.ping().then(
          () => true,
          () => false,
        )
      await waitUntil(isBack)
    },
    /** Makes all changes older than they are. */
    letPass: async (milliseconds: number) => {
      const names = await redis.cli('KEYS', '*:c:*')
      for (const name of names.split('\n')) {
        const madeAt = Number(await redis.cli('GET', name))
        await redis.cli('SET', name, String(madeAt - milliseconds), 'KEEPTTL')
      }
    },
    /** Once, to their end. Answers how many ends they told of. */
    runJobs: async () => {
      ends.length = 0
      clock.advance(2_000)
      await new Promise(setImmediate)
      await Promise.all(ends)
      await new Promise(setImmediate)
      return ends.length
    },
  }
}
