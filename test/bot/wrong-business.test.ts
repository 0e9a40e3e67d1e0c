/** What the bot finds must be there to be found: each of these businesses is wrong in one way. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { planVotes, type Vote } from '../../src/bot/plan.ts'
import { startBot } from '../kit/bot.ts'
import { shareBoth } from '../kit/shared-servers.ts'
import { type Bend, type BentCall, first, startBentBusiness } from './bent-business.ts'

const isVote = ({ path }: BentCall) => path.endsWith('/vote')
const isReading = ({ method, path }: BentCall) => method === 'GET' && path.startsWith('/posts/')
const isWriting = ({ method }: BentCall) => method === 'POST'

/** With which one user votes so. */
function seedOf(votes: readonly Vote[]): number {
  const extent = { users: 1, posts: 1, votes: votes.length }
  const isSo = (seed: number) =>
    [...planVotes({ ...extent, seed })].every(({ vote }, index) => vote === votes[index])
  let seed = 0
  while (!isSo(seed)) seed++
  return seed
}

describe('the bot, where business is wrong', { timeout: 120_000 }, () => {
  const both = shareBoth()

  /** One user, one post, and these votes. */
  async function runOn(t: TestContext, bend: Bend, votes: readonly Vote[] = ['like']) {
    const { auth, business } = both()
    const bent = await startBentBusiness(t, business.url, bend)
    const numbers = { users: 1, posts: 1, votes: votes.length, seed: seedOf(votes), patience: 3 }
    const bot = startBot(t, { auth: auth.url, business: bent }, numbers)
    return { code: await bot.ended, bot }
  }

  const sentence = (text: string) => new RegExp(`^- post [0-9a-f-]{36} ${text}$`, 'm')

  it('names the post for which an accepted vote is lost', async (t) => {
    const lose = first(isVote, async () => ({ status: 202, body: { my_vote: 'like' } }))

    const { code, bot } = await runOn(t, lose)

    assert.deepEqual([code, bot.row('off')], [1, '2'], bot.output())
    assert.match(bot.output(), sentence('shows 0 likes instead of 1'))
    assert.match(bot.output(), sentence('shows a user the vote null instead of like'))
  })

  it('names the post for which an earlier vote wins', async (t) => {
    let forwardFirst: (() => Promise<unknown>) | undefined
    const swap: Bend = async (call) => {
      const shown = await call.forward()
      if (isVote(call)) await (forwardFirst ?? (async () => {}))()
      if (isVote(call)) forwardFirst ??= call.forward
      return shown
    }

    const { code, bot } = await runOn(t, swap, ['dislike', 'like'])

    assert.deepEqual([code, bot.row('off')], [1, '3'], bot.output())
    assert.match(bot.output(), sentence('shows 0 likes instead of 1'))
    assert.match(bot.output(), sentence('shows 1 dislikes instead of 0'))
  })

  it('names the post that counts a vote twice, also where it does so late', async (t) => {
    let readings = 0
    const double: Bend = async (call) => {
      const shown = await call.forward()
      if (!isReading(call) || ++readings === 1) return shown
      return { ...shown, body: { ...shown.body, likes: Number(shown.body.likes) * 2 } }
    }

    const { code, bot } = await runOn(t, double)

    assert.deepEqual([code, bot.row('off')], [1, '1'], bot.output())
    assert.match(bot.output(), sentence('shows 2 likes instead of 1'))
  })

  it('waits for counts that lag', async (t) => {
    const lag = first(isReading, async ({ forward }) => {
      const shown = await forward()
      return { ...shown, body: { ...shown.body, likes: 0 } }
    })

    const { code, bot } = await runOn(t, lag)

    assert.deepEqual([code, bot.row('off')], [0, 'nothing'], bot.output())
  })

  it('asks again where business is not available, asked too often, or lost with its answer', async (t) => {
    const headers = { 'retry-after': '1' }
    const tooOften = first(isWriting, async () => ({ status: 429, headers, body: {} }))
    const unavailable = first(isVote, async () => ({ status: 503, headers, body: {} }))
    const lost = first(isReading, async ({ forward }) => {
      await forward()
      return 'cut'
    })
    const all: Bend = (call) => {
      if (isWriting(call)) return tooOften(call)
      return isVote(call) ? unavailable(call) : lost(call)
    }

    const { code, bot } = await runOn(t, all)

    assert.deepEqual([code, bot.row('off')], [0, 'nothing'], bot.output())
    assert.equal(bot.row('asked again'), '1 × 503, 1 × 429, 1 × no answer')
  })

  it('logs in again when its token is dead', async (t) => {
    const dead = first(isVote, async () => ({ status: 401, body: { error: 'invalid_token' } }))

    const { code, bot } = await runOn(t, dead)

    assert.deepEqual([code, bot.row('off')], [0, 'nothing'], bot.output())
    assert.equal(bot.row('votes accepted'), '1')
  })

  it('says why it cannot go on where a vote is refused for good', async (t) => {
    const body = { error: 'not_found', error_description: 'There is no such post.' }
    const refuse = first(isVote, async () => ({ status: 404, body }))

    const { code, bot } = await runOn(t, refuse)

    assert.equal(code, 1)
    assert.match(bot.output(), /A vote was refused: 404 "not_found There is no such post\."/)
  })
})
