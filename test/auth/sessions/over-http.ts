/** The capability as clients meet it, on whichever stores. */
import assert from 'node:assert/strict'
import { it, type TestContext } from 'node:test'
import { logIn, type TestAuthOptions } from '../../kit/servers.ts'
import { startWithSessions } from './sessions-kit.ts'

type Stores = Pick<TestAuthOptions, 'tokens' | 'tokenBacking'>

/** To be called in a `describe`. */
export function sessionsOverHttp(open: (t: TestContext) => Promise<Stores>): void {
  it('lets 20 of 40 simultaneous logins of a user live, and refuses none', async (t) => {
    const { url, list, isAlive } = await startWithSessions(t, await open(t))

    const logins = await Promise.all(Array.from({ length: 40 }, () => logIn(url)))

    const alive = await Promise.all(logins.map(isAlive))
    const living = logins.filter((_, nth) => alive[nth])
    assert.equal(living.length, 20)
    assert.equal((await list(living[0] ?? assert.fail('none lives'))).length, 20)
  })

  it('lets a user see and end his sessions', async (t) => {
    const { startSession, list, call, isAlive } = await startWithSessions(t, await open(t))
    const [asking, other] = [await startSession(), await startSession()]

    const before = await list(asking.token)
    const { status } = await call('DELETE', `/sessions/${other.id}`, asking.token)
    const after = await list(asking.token)

    assert.deepEqual(before.map(({ id }) => id).sort(), [asking.id, other.id].sort())
    assert.equal(status, 204)
    assert.equal(await isAlive(other.token), false)
    assert.deepEqual(
      after.map(({ id, is_current }) => ({ id, is_current })),
      [{ id: asking.id, is_current: true }],
    )
  })

  it('lets a user end all of them', async (t) => {
    const { startSession, call, isAlive } = await startWithSessions(t, await open(t))
    const [asking, other] = [await startSession(), await startSession()]

    const { status } = await call('POST', '/logout-all', asking.token)

    assert.equal(status, 204)
    assert.deepEqual(await Promise.all([asking, other].map(({ token }) => isAlive(token))), [
      false,
      false,
    ])
  })
}
