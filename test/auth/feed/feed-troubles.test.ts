import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { memoryAccountEvents } from '../../../src/auth/feed/memory.ts'
import { showEvents } from '../../../src/auth/feed/show-events.ts'
import { createWaits } from '../../../src/auth/feed/waits.ts'
import { unavailable } from '../../../src/http/refusal.ts'
import { bearer, readAnswer } from '../../kit/auth-calls.ts'
import { callOf } from '../../kit/calls.ts'
import { manualClock } from '../../kit/clock.ts'
import { demoClient } from '../../kit/demo.ts'
import { startAuth, waitUntil } from '../../kit/processes.ts'
import { serviceTokenOf, testPurposes } from '../../kit/servers.ts'
import { assertUnavailable } from '../../kit/unavailable.ts'
import { startFollowed } from './followed-auth.ts'

const fails = async () => {
  throw unavailable('The store cannot do this now.')
}
/** A database that is away. */
const accountBacking = {
  kind: 'postgres',
  database: { run: fails, runTogether: fails, close: async () => {} },
} as const

describe('the feed', () => {
  it('is a 503 while its store is away', async (t) => {
    const { url, token } = await startFollowed(t, { accountBacking })

    const response = await fetch(`${url}/events`, { headers: { authorization: bearer(token) } })

    await assertUnavailable(response)
  })

  it('tells the log where it cannot forget, and tries again', async (t) => {
    const { clock, log } = await startFollowed(t, { accountBacking })
    const message = 'old account events were not removed yet'

    clock.advance(3_600_000)
    await waitUntil(() => log.find(message).length === 1)
    clock.advance(3_600_000)

    await waitUntil(() => log.find(message).length === 2)
  })

  it('wants the certificate of the client where clients must show one', async (t) => {
    const { tokens, token } = await startFollowed(t)
    const clock = manualClock()
    const events = memoryAccountEvents({ maxEvents: 1, now: clock.now, onEvent: () => {} })
    const waits = createWaits({ events, clock, maxWaiting: 1 })
    const show = showEvents({
      events,
      waits,
      tokens,
      purpose: testPurposes.service,
      requiresCertificate: true,
    })

    const answered = show.handle(callOf({ rawHeaders: ['authorization', bearer(token)] }))

    await assert.rejects(async () => await answered, { code: 'invalid_token' })
  })

  it('can be followed by the client that business is', async (t) => {
    const { url } = await startAuth(t)
    const token = await serviceTokenOf(url, demoClient)

    const headers = { authorization: bearer(token) }
    const { status, body } = await readAnswer(await fetch(`${url}/events`, { headers }))

    assert.equal(status, 200)
    assert.deepEqual(body.events, [])
  })
})
