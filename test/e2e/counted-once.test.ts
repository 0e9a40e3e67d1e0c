/** The bot votes while workers and business are killed and stores are restarted: each vote that was accepted is counted once. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { type BotRun, startBot } from '../kit/bot.ts'
import { databaseName } from '../kit/database-roles.ts'
import { skipUnless } from '../kit/installed.ts'
import { startAuth, startBusiness, startWorker, untilReady, waitUntil } from '../kit/processes.ts'
import { startProvisioned } from '../kit/provisioned.ts'
import { startRedis } from '../kit/redis.ts'
import { redisUsers } from '../kit/redis-users.ts'
import { share } from '../kit/shared-servers.ts'

const topic = 'sallyport:business:{events}:topic:votes'
const letters = 'sallyport:business:{events}:dead'

const counts = 'select id, likes, dislikes from business.posts order by id'

describe('A vote that was accepted is counted once', {
  skip: skipUnless('redis-server', 'postgres'),
  timeout: 300_000,
}, () => {
  const shared = share(async (t) => {
    const { business: CONTENT_STORE, postgres } = await startProvisioned(t)
    const { lines, businessPassword } = redisUsers()
    const redis = await startRedis(t, { aclLines: lines, appendOnly: 'always' })
    const auth = await startAuth(t)
    const variables = {
      APP_ENV: 'demo',
      AUTH_URL: auth.url,
      CONTENT_STORE,
      EVENTS: redis.urlAs('sallyport_business', businessPassword),
      WORKERS: 'apart',
      FLUSH_INTERVAL_MILLISECONDS: '20',
    }
    return { postgres, redis, auth, variables }
  })

  const length = async (key: string) => Number(await shared().redis.cli('XLEN', key))
  /** How many events somebody has taken and not settled. */
  const inHand = async () => {
    const [count] = (await shared().redis.cli('XPENDING', topic, 'workers')).split('\n')
    return Number(count)
  }

  const readCounts = () => shared().postgres.psql(counts, databaseName)

  /** A business, and a bot that votes there until it is told that this is enough. */
  async function startVoting(t: TestContext) {
    const { auth, variables } = shared()
    const business = await startBusiness(t, variables)
    await untilReady(business.url)
    // So many posts that most votes are the last of their user there, and would be missed.
    const numbers = { users: 6, posts: 200, votes: 10_000_000, concurrency: 8 }
    const bot = startBot(t, { auth: auth.url, business: business.url }, numbers)
    await waitUntil(async () => (await length(topic)) > 0, 60)
    return { bot, business }
  }

  /**
   * Ends the voting, and has the bot compare. Counts can be right before all is folded: what still waits is older than what
   * was, and must change nothing.
   */
  async function assertCounted(t: TestContext, bot: BotRun): Promise<void> {
    bot.enough()
    assert.equal(await bot.ended, 0, bot.output())
    t.diagnostic(`${bot.row('votes accepted')} votes, asked again ${bot.row('asked again')}`)
    assert.equal(bot.row('off'), 'nothing')
    const compared = await readCounts()
    await waitUntil(async () => (await length(topic)) === 0, 30)
    assert.equal(await readCounts(), compared)
    assert.equal(await length(letters), 0)
  }

  it('where workers are killed at random points of fifty batches', async (t) => {
    const { bot } = await startVoting(t)

    let kills = 0
    async function startAndKill(): Promise<void> {
      while (kills++ < 50) {
        const worker = await startWorker(t, shared().variables)
        await wait(Math.random() * 40)
        worker.signal('SIGKILL')
        await worker.ended
      }
    }
    await Promise.all([startAndKill(), startAndKill(), startAndKill()])

    assert.ok((await inHand()) > 0, 'no worker has died with a batch in hand')
    t.diagnostic(`${await inHand()} of ${await length(topic)} events were in hand`)
    await startWorker(t, shared().variables)
    await assertCounted(t, bot)
  })

  it('where Redis is killed and started again', async (t) => {
    const { bot } = await startVoting(t)
    await startWorker(t, shared().variables)
    await startWorker(t, shared().variables)

    for (let times = 0; times < 3; times++) {
      await wait(Math.random() * 1_000)
      await shared().redis.kill()
      await shared().redis.restart()
      await waitUntil(async () => (await length(topic)) > 0, 30)
    }

    await assertCounted(t, bot)
    assert.notEqual(bot.row('asked again'), '0 × 503, 0 × 429, 0 × no answer')
  })

  it('where Postgres crashes and is started again', async (t) => {
    const { bot } = await startVoting(t)
    await startWorker(t, shared().variables)
    await startWorker(t, shared().variables)

    for (const signal of ['SIGQUIT', 'SIGINT', 'SIGQUIT'] as const) {
      await wait(Math.random() * 1_000)
      await shared().postgres.stop(signal)
      await shared().postgres.restart()
      await waitUntil(async () => (await length(topic)) > 0, 30)
    }

    await assertCounted(t, bot)
    assert.notEqual(bot.row('asked again'), '0 × 503, 0 × 429, 0 × no answer')
  })

  it('where business is killed and started again', async (t) => {
    const { bot, business } = await startVoting(t)
    await startWorker(t, shared().variables)
    const again = { ...shared().variables, BUSINESS_PORT: new URL(business.url).port }

    let running = business
    for (let times = 0; times < 3; times++) {
      await wait(Math.random() * 1_000)
      running.signal('SIGKILL')
      await running.ended
      running = await startBusiness(t, again)
      await waitUntil(async () => (await length(topic)) > 0, 30)
    }

    await assertCounted(t, bot)
    assert.match(bot.row('asked again') ?? '', /, [1-9]\d* × no answer$/)
  })
})
