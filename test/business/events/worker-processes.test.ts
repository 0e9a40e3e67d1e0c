/** Worker processes that fold votes into a real Postgres, and the script for what they could not fold. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { describe, it, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { redisEventLog } from '../../../src/business/events/redis.ts'
import { databaseName } from '../../kit/database-roles.ts'
import { skipUnless } from '../../kit/installed.ts'
import { startWorker, type Variables, waitUntil } from '../../kit/processes.ts'
import { startProvisioned } from '../../kit/provisioned.ts'
import { startRedis } from '../../kit/redis.ts'
import { redisUsers } from '../../kit/redis-users.ts'
import { share } from '../../kit/shared-servers.ts'
import { newEvent, newEvents, publishInParts, smallLog } from './event-kit.ts'
import { connectTo } from './open-log.ts'

const run = promisify(execFile)
const script = fileURLToPath(
  new URL('../../../src/business/events/main-dead-letters.js', import.meta.url),
)

async function startStores(t: TestContext) {
  const users = redisUsers()
  const postgres = await startProvisioned(t)
  const redis = await startRedis(t, { aclLines: users.lines })
  const variables = {
    APP_ENV: 'demo',
    CONTENT_STORE: postgres.business,
    EVENTS: redis.urlAs('sallyport_business', users.businessPassword),
  }
  return { redis, postgres: postgres.postgres, variables }
}

async function deadLetters(variables: Variables, ...args: readonly string[]): Promise<string> {
  const env = { PATH: process.env.PATH, ...variables }
  return (await run(process.execPath, [script, ...args], { env })).stdout
}

const needed = skipUnless('redis-server', 'postgres')

describe('worker processes', { skip: needed, timeout: 180_000 }, () => {
  const stores = share(startStores)

  it('count each of ten thousand votes once though one is killed, and list and replay the one that is none', async (t) => {
    const { redis, postgres, variables } = stores()
    const events = redisEventLog({
      ...smallLog,
      maxEvents: 20_000,
      runner: connectTo(t, variables.EVENTS),
    })
    const waiting = async () =>
      Number(await redis.cli('XLEN', 'sallyport:business:{events}:topic:votes'))
    const post = 'a-post'
    const insert = `insert into business.posts (id, title, content, created_at, updated_at)
      values ('${post}', 'A title', 'A content', 0, 0)`
    await postgres.psql(insert, databaseName)
    const votes = newEvents(10_000).map(({ about, ...rest }) => ({
      ...rest,
      owner: about,
      about: post,
    }))
    await publishInParts(events, votes)
    const poison = await events.publish(newEvent({ about: post, payload: 'a secret of hers' }))

    const [killed, other] = await Promise.all([
      startWorker(t, variables),
      startWorker(t, variables),
    ])
    await waitUntil(async () => (await waiting()) < 10_000, 30)
    killed.signal('SIGKILL')

    await waitUntil(async () => (await waiting()) === 0, 60)
    const counts = 'select likes, dislikes from business.posts'
    assert.equal(await postgres.psql(counts, databaseName), '10000|0')
    const [line = '', ...rest] = (await deadLetters(variables, 'list')).split('\n')
    const { id, ...letter } = JSON.parse(line) as Record<string, unknown>
    const { id: event, ...asPublished } = poison
    assert.deepEqual(rest, [''])
    assert.deepEqual(letter, { event, ...asPublished, reason: 'its payload is no vote' })
    assert.doesNotMatch(killed.output() + other.output(), /a secret of hers/)

    assert.equal(await deadLetters(variables, 'replay', '1-1'), 'Replayed: 0.\n')
    assert.equal(await deadLetters(variables, 'replay', String(id)), 'Replayed: 1.\n')

    // It is still no vote.
    await waitUntil(async () => (await deadLetters(variables, 'list')) !== '')
    assert.match(await deadLetters(variables, 'list'), /its payload is no vote/)
    other.signal('SIGTERM')
    const [code] = (await once(other.child, 'close')) as [number]
    assert.equal(code, 0)
  })

  it('are not what the script asks: without a Redis it says so, and shows how it is called', async () => {
    const { variables } = stores()
    const inMemory = { ...variables, EVENTS: 'memory:' }

    await assert.rejects(deadLetters(inMemory, 'list'), {
      code: 1,
      stderr: 'EVENTS must be the URL of a Redis for a worker.\n',
    })
    for (const args of [[], ['lists'], ['list', 'all'], ['replay', '*']])
      await assert.rejects(deadLetters(variables, ...args), {
        code: 1,
        stderr: /^Usage: deadLetters list/,
      })
  })
})
