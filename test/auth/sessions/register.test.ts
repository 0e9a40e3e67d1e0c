import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { extensionsOf } from '../../../src/auth/capability.ts'
import { sessions } from '../../../src/auth/sessions/register.ts'
import { manualClock } from '../../kit/clock.ts'
import { problemsOf } from '../../kit/config-problems.ts'
import { openRealTime } from './open-memory.ts'
import { sessionsOverHttp } from './over-http.ts'
import { startWithSessions } from './sessions-kit.ts'

describe('sessions in memory, over HTTP', () => {
  sessionsOverHttp(async (t) => ({ tokens: openRealTime(t).tokens }))
})

describe('MAX_SESSIONS_PER_USER', () => {
  it('is how many sessions a user has', async (t) => {
    const clock = manualClock()
    const environment = { MAX_SESSIONS_PER_USER: '2' }
    const { startSession, isAlive, list } = await startWithSessions(t, { clock, environment })
    const [first, second] = [await startSession(), await startSession()]
    clock.advance(1_000)
    await list(first.token)

    const third = await startSession()

    assert.equal(await isAlive(first.token), true)
    assert.equal(await isAlive(second.token), false)
    assert.equal(await isAlive(third.token), true)
  })

  it('is a whole number from 1 to 1000', () => {
    const problemsWith = (value: string) =>
      problemsOf({ MAX_SESSIONS_PER_USER: value }, ['auth'], extensionsOf([sessions]))

    const problem = 'MAX_SESSIONS_PER_USER must be a whole number from 1 to 1000.'
    assert.deepEqual(['0', '1001', 'none'].map(problemsWith), [[problem], [problem], [problem]])
    assert.deepEqual(['1', '1000'].map(problemsWith), [[], []])
  })
})
