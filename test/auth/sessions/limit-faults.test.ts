/** Logins whose session cannot be indexed: nobody gets a token that nobody could find again. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { unavailable } from '../../../src/http/refusal.ts'
import { memoryTokenStore } from '../../../src/storage/memory/tokens.ts'
import type { ScriptRunner } from '../../../src/storage/redis/runner.ts'
import { post } from '../../kit/auth-calls.ts'
import { correct } from '../../kit/auth-parts.ts'
import { assertUnavailable } from '../../storage/contract.ts'
import { failingIndex, failingTokens } from './failing-parts.ts'
import { attemptWith, userWithLimit } from './limit-kit.ts'
import { openRealTime } from './open-memory.ts'
import { startWithSessions } from './sessions-kit.ts'

/** A memory store beside an index in a Redis that cannot be reached. */
async function startWithoutIndex(t: TestContext) {
  const tokens = memoryTokenStore({ now: Date.now, maxTokens: 100, reservedPlaces: 1 })
  const runner: ScriptRunner = {
    run: async () => {
      throw unavailable('Redis went away.')
    },
    close: () => {},
  }
  const tokenBacking = { kind: 'redis', runner, durableRunner: runner, isCluster: false } as const
  const auth = await startWithSessions(t, { tokens, tokenBacking })
  return { ...auth, tokenCount: () => tokens.count() }
}

describe('a login whose session cannot be indexed', () => {
  it('is a 503 and leaves no session', async (t) => {
    const { url, tokenCount, events } = await startWithoutIndex(t)

    const { status, headers, body } = await post(`${url}/login`, { json: correct })

    assert.equal(status, 503)
    assert.match(headers.get('retry-after') ?? '', /^\d+$/)
    assert.equal(body.error, 'temporarily_unavailable')
    assert.equal(await tokenCount(), 0)
    assert.deepEqual(events, [])
  })

  it('leaves nothing in the index where that cannot be read', async (t) => {
    const right = openRealTime(t)
    const failing = { ...right, index: failingIndex(right.index, 'list') }
    const { sub, logIn } = userWithLimit(failing, 3)

    await assertUnavailable(logIn())

    assert.equal(await right.tokens.count(), 0)
    assert.deepEqual(await right.index.list(sub), [])
  })

  it('dies by itself where not even the token store can be reached, and the log tells so', async (t) => {
    const { index } = openRealTime(t)
    const { tokens, failNext, count } = failingTokens()
    const { sub, log, logIn } = userWithLimit({ tokens, index: failingIndex(index, 'list') }, 3)
    failNext()

    await assertUnavailable(logIn())

    assert.equal(await count(), 1)
    assert.equal((await index.list(sub)).length, 1)
    const [line] = log.find('a session that was not indexed was not ended')
    assert.deepEqual([line?.level, line?.sub], ['warn', sub])
  })
})

describe('a login beyond the limit', () => {
  it('is a 503 where the session that must go cannot be ended, which the next one makes good', async (t) => {
    const { index } = openRealTime(t)
    const { tokens, failNext } = failingTokens()
    const { logIn, logInTimes, areAlive, idsListed } = userWithLimit({ tokens, index }, 2)
    const before = await logInTimes(2)
    failNext()

    await assertUnavailable(logIn())
    const between = await areAlive(before)
    const next = await logIn()

    assert.deepEqual(between, [true, true])
    assert.deepEqual(await areAlive([...before, next]), [false, true, true])
    assert.equal((await idsListed()).length, 2)
  })
})

describe('a login that issued no session', () => {
  it('is no business of the index', async (t) => {
    const right = openRealTime(t)
    const { sub, limit } = userWithLimit(right, 3)

    await limit(attemptWith({ sub, issued: undefined }))

    assert.deepEqual(await right.index.list(sub), [])
  })
})
