import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { postStatements, voteStatements } from '../../../src/business/posts/statements.ts'
import { databaseName } from '../../kit/database-roles.ts'
import { skipUnless } from '../../kit/installed.ts'
import { startProvisioned } from '../../kit/provisioned.ts'
import { share } from '../../kit/shared-servers.ts'

/** 10,000 posts of one author, and as many of others. */
const manyRows = `
  insert into business.authors select 'author ' || i, 'A Name' from generate_series(0, 1000) as i;
  insert into business.posts
  select lpad(to_hex(i), 12, '0'), 'A Title', repeat('content ', 30),
    'author ' || case when i % 2 = 0 then 0 else i % 1000 end, i, i
  from generate_series(1, 20000) as i;
  insert into business.votes select id, 'user ' || i, 'event', 1, 0, i
  from business.posts, generate_series(1, 3) as i;
  analyze;`

describe('the statements on 20,000 posts, half of them of one author', {
  skip: skipUnless('postgres'),
}, () => {
  const server = share((context) => startProvisioned(context))
  before(() => server().postgres.psql(manyRows, databaseName))

  async function planOf({ text }: { text: string }): Promise<string> {
    const parameters = new Set(text.match(/\$\d/g)).size
    const values = Array.from({ length: parameters }, () => 'null').join()
    const prepared = `prepare one as ${text}; explain (costs off) execute one(${values})`
    const generic = 'set plan_cache_mode = force_generic_plan'
    return await server().postgres.psql(`${generic}; ${prepared}`, databaseName)
  }

  for (const statement of [...Object.values(postStatements), ...Object.values(voteStatements)])
    it(`read no table from its beginning to its end: ${statement.name}`, async () => {
      const plan = await planOf(statement)

      assert.match(plan, /business|posts|votes|authors/)
      assert.doesNotMatch(plan, /Seq Scan/)
    })

  it('find a page in the index, wherever it begins, and sort nothing', async () => {
    const [newest, ofAuthor] = [
      await planOf(postStatements.list),
      await planOf(postStatements.listOf),
    ]

    assert.match(
      newest,
      /Index Scan Backward using posts_pkey on posts p\n *Index Cond: \(id < \$2\)/,
    )
    assert.match(
      ofAuthor,
      /Index Scan using posts_author on posts p\n *Index Cond: \(\(author = \$4\) AND \(id < \$2\)\)/,
    )
    for (const plan of [newest, ofAuthor]) assert.doesNotMatch(plan, /Sort|Hash/)
  })
})
