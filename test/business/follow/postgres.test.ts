import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { postgresBookmark } from '../../../src/business/follow/postgres.ts'
import { connectClient } from '../../kit/database-client.ts'
import { skipUnless } from '../../kit/installed.ts'
import { startProvisioned } from '../../kit/provisioned.ts'
import { share } from '../../kit/shared-servers.ts'
import { assertUnavailable } from '../../storage/contract.ts'
import { openContentBacking } from '../../storage/postgres/open-stores.ts'
import { bookmarkContract } from './bookmark-contract.ts'

/** SQLSTATE of a right that is missing. */
const insufficientPrivilege = '42501'

describe('on one Postgres', { skip: skipUnless('postgres') }, () => {
  const server = share((context) => startProvisioned(context))

  async function open(t: TestContext) {
    await server().emptyTables()
    return postgresBookmark(await openContentBacking(t, server().business))
  }

  bookmarkContract('a bookmark in Postgres', open)

  describe('a bookmark in Postgres', () => {
    it('is the same for all processes', async (t) => {
      const one = await open(t)
      const other = postgresBookmark(await openContentBacking(t, server().business))

      await one.move(undefined, 'a.1')

      assert.equal(await other.read(), 'a.1')
      assert.equal(await other.move('a.1', 'a.2'), true)
      assert.equal(await one.move('a.1', 'a.3'), false)
    })

    it('cannot be taken away by the role of business', async (t) => {
      const bookmark = await open(t)
      await bookmark.move(undefined, 'a.1')
      const { ask } = await connectClient(t, server().business)

      const removed = ask('delete from business.account_bookmark')

      await assert.rejects(removed, { code: insufficientPrivilege })
    })

    it('is a 503 where it is closed', async (t) => {
      await server().emptyTables()
      const content = await openContentBacking(t, server().business)
      const bookmark = postgresBookmark(content)
      await content.database.close()

      await assertUnavailable(bookmark.read())
      await assertUnavailable(bookmark.move(undefined, 'a.1'))
    })
  })
})
