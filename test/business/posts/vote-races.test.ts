import { describe, type TestContext } from 'node:test'
import { openPosts } from '../../../src/business/posts/open-posts.ts'
import type { Database } from '../../../src/storage/postgres/database.ts'
import { connectClient } from '../../kit/database-client.ts'
import { skipUnless } from '../../kit/installed.ts'
import { startProvisioned } from '../../kit/provisioned.ts'
import { share } from '../../kit/shared-servers.ts'
import { describeCases } from '../../storage/contract.ts'
import { openContentBacking } from '../../storage/postgres/open-stores.ts'
import { type Flaw, itNotices } from '../../storage/wrong-store.ts'
import { type Raced, raceCases } from './vote-races.ts'

describe('on one Postgres', { skip: skipUnless('postgres') }, () => {
  const server = share((context) => startProvisioned(context))

  /** `spoil` makes another statement of each. */
  async function open(t: TestContext, spoil = (text: string) => text): Promise<Raced> {
    await server().emptyTables()
    const openOne = async () => {
      const backing = await openContentBacking(t, server().business)
      return await openPosts({ ...backing, database: spoilt(backing.database, spoil) })
    }
    const workers = [await openOne(), await openOne(), await openOne(), await openOne()] as const
    return { workers, connect: () => connectClient(t, server().business) }
  }

  describeCases('four workers that fold votes', raceCases, open)

  function flaw(what: string, isCaughtBy: string, spoil: (text: string) => string): Flaw<Raced> {
    return { what, isCaughtBy, open: (t) => open(t, spoil) }
  }

  const flaws = [
    flaw(
      'reads what a vote was before it waits for the post',
      'count 16 simultaneous likes of one user once',
      (text) =>
        text
          .replace('vote, 0, left', `vote, ${voteBefore}, left`)
          .replace('previous = v.vote', 'previous = excluded.previous'),
    ),
    flaw(
      'writes counts that it has read before',
      'count exactly what all of them fold, in batches that overlap and cross',
      (text) =>
        text.replace(
          'likes = p.likes + moved.likes',
          'likes = (select o.likes from business.posts o where o.id = p.id) + moved.likes',
        ),
    ),
    flaw(
      'locks the posts of a batch in another order',
      'lock the posts of a batch in the order of ids',
      (text) => text.replace('order by id for update', 'order by id desc for update'),
    ),
    flaw(
      'forgets in another order than that in which votes lock',
      'are not waited for in a circle by who forgets an author, whose posts are locked likewise',
      (text) => text.replace('order by id limit $2', 'order by id desc limit $2'),
    ),
  ]

  describe('the races of votes', () => {
    for (const one of flaws) itNotices(one, raceCases)
  })
})

/** As the statement sees it when it begins. */
const voteBefore = `coalesce((select o.vote from business.votes o
  where o.post = cast_votes.post and o.usr = cast_votes.usr), 0)`

function spoilt(database: Database, spoil: (text: string) => string): Database {
  return {
    ...database,
    run: ({ name, text }, values, options) =>
      database.run({ name, text: spoil(text) }, values, options),
  }
}
