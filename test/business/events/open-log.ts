/** Logs of events for a test: in memory with a clock that is moved, and on one real Redis, as the user that business is. */
import type { TestContext } from 'node:test'
import type { EventLogOptions } from '../../../src/business/events/event-log.ts'
import { memoryEventLog } from '../../../src/business/events/memory.ts'
import { redisEventLog } from '../../../src/business/events/redis.ts'
import { systemClock } from '../../../src/clock.ts'
import { openRedisRunner } from '../../../src/storage/redis/open.ts'
import type { ScriptRunner } from '../../../src/storage/redis/runner.ts'
import { manualClock } from '../../kit/clock.ts'
import { recordedLog } from '../../kit/log.ts'
import { startRedis } from '../../kit/redis.ts'
import { redisUsers } from '../../kit/redis-users.ts'
import { share } from '../../kit/shared-servers.ts'
import { parseRedisUrl } from '../../storage/redis/open-tokens.ts'
import { type OpenedLog, smallLog } from './event-kit.ts'

export function openInMemory(options: Partial<EventLogOptions> = {}): OpenedLog {
  const clock = manualClock()
  const events = memoryEventLog({ ...smallLog, ...options, now: clock.now })
  return { events, elsewhere: events, pass: async (milliseconds) => clock.advance(milliseconds) }
}

/** A connection that ends with the test. */
export function connectTo(t: TestContext, url: string): ScriptRunner {
  const options = { url: parseRedisUrl(url), clock: systemClock, log: recordedLog() }
  const runner = openRedisRunner(options)
  t.after(() => runner.close())
  return runner
}

/** To be called once in a file. Each test finds it empty. */
export function shareEventRedis() {
  const users = redisUsers()
  const server = share((context) => startRedis(context, { aclLines: users.lines }))
  const url = () => server().urlAs('sallyport_business', users.businessPassword)

  const connect = (t: TestContext) => connectTo(t, url())

  async function open(t: TestContext, options: Partial<EventLogOptions> = {}): Promise<OpenedLog> {
    await server().cli('FLUSHALL')
    const openOne = () => redisEventLog({ ...smallLog, ...options, runner: connect(t) })
    return { events: openOne(), elsewhere: openOne(), pass: passRealTime }
  }

  return { server, url, connect, open }
}

function passRealTime(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds + 100))
}
