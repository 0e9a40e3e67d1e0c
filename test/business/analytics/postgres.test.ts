import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { postgresActivity } from '../../../src/business/analytics/postgres.ts'
import { skipUnless } from '../../kit/installed.ts'
import { startProvisioned } from '../../kit/provisioned.ts'
import { share } from '../../kit/shared-servers.ts'
import { assertUnavailable } from '../../storage/contract.ts'
import { openContentBacking } from '../../storage/postgres/open-stores.ts'
import { activityContract } from './activity-contract.ts'

describe('on one Postgres', { skip: skipUnless('postgres') }, () => {
  const server = share((context) => startProvisioned(context))

  async function open(t: TestContext) {
    await server().emptyTables()
    return postgresActivity(await openContentBacking(t, server().business))
  }

  activityContract('activity in Postgres', open)

  describe('activity in Postgres', () => {
    it('is the same for all processes', async (t) => {
      const one = await open(t)
      const other = postgresActivity(await openContentBacking(t, server().business))

      await one.file(new Map([['ann', 1]]))

      assert.equal(await other.lastOf('ann'), 1)
    })

    it('of as many users as are gathered for one flush is filed in time', async (t) => {
      const store = await open(t)
      const users = Array.from({ length: 5_000 }, () => crypto.randomUUID())

      await store.file(new Map(users.map((user, index) => [user, index])))
      await store.file(new Map(users.map((user, index) => [user, index + 1])))

      assert.equal(await store.lastOf(users[4_999] ?? ''), 5_000)
    })

    it('is a 503 where it is closed', async (t) => {
      await server().emptyTables()
      const content = await openContentBacking(t, server().business)
      const store = postgresActivity(content)
      await content.database.close()

      await assertUnavailable(store.file(new Map([['ann', 1]])))
      await assertUnavailable(store.lastOf('ann'))
      await assertUnavailable(store.forget('ann'))
    })
  })
})
