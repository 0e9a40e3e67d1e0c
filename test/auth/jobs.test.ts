import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { capabilities } from '../../src/auth/capabilities.ts'
import { extensionsOf } from '../../src/auth/capability.ts'
import { readConfig } from '../../src/config.ts'
import { manualClock } from '../kit/clock.ts'
import { countedClock } from '../kit/counted-clock.ts'
import { startTestAuth } from '../kit/servers.ts'

/** Registers all capabilities with an auth that has none, as a script does. */
async function registerAll(t: TestContext) {
  const { core, additions } = await startTestAuth(t)
  const clock = countedClock(manualClock())
  const config = readConfig({}, ['auth'], extensionsOf(capabilities))
  for (const one of capabilities) additions.push(await one.register({ ...core, clock }, config))
  return { clock, jobs: additions.flatMap((one) => one.jobs ?? []) }
}

describe('the jobs of capabilities', () => {
  it('are started by none that is registered', async (t) => {
    const { clock } = await registerAll(t)

    assert.equal(clock.pending(), 0)
  })

  it('begin when a server starts them, and are over when it has stopped them', async (t) => {
    const { clock, jobs } = await registerAll(t)

    const stops = jobs.map((start) => start())
    const begun = clock.pending()
    for (const stop of stops) await stop()

    assert.equal(begun, jobs.length)
    assert.equal(clock.pending(), 0)
  })
})
