/**
 * A million living tokens in the memory store: what they weigh, how fast they are handled, and how long the event loop
 * stands still while the real cleanup job evicts 1 % of them and then all. Needs `--expose-gc`. Prints its findings.
 */
import { randomUUID } from 'node:crypto'
import { startCleanup } from '../../../dist/auth/cleanup.js'
import { systemClock } from '../../../dist/clock.js'
import { memoryTokenStore } from '../../../dist/storage/memory/tokens.js'
import { corePurposes } from '../../../dist/tokens/purposes.js'
import { keyOf, mintToken, tokenLength } from '../../../dist/tokens/token.js'

const { total, listLength } = JSON.parse(process.argv[2])
const onePercent = total / 100
const ttlSeconds = 3_600
const lifetimes = {
  sessionTtlSeconds: ttlSeconds,
  sessionCapSeconds: 43_200,
  serviceTtlSeconds: 300,
}
const { session } = corePurposes(lifetimes)

let skipped = 0
const clock = { ...systemClock, now: () => Date.now() + skipped }
const store = memoryTokenStore({ now: clock.now, maxTokens: 2 * total, reservedPlaces: 1_000 })
const silent = () => {}
const log = { isDebug: false, debug: silent, info: silent, warn: silent, error: console.error }

/** The tokens themselves, outside of the heap and paid for before anything is weighed. */
const bearers = Buffer.alloc(total * tokenLength, 1)
const bearerAt = (index) => bearers.latin1Slice(index * tokenLength, (index + 1) * tokenLength)

/** Few, so that what was minted for them dies young, as it does in a server. */
const batch = 100

/** Issues tokens for the places `from` to `to`, each for a subject of its own. Answers the milliseconds in the store. */
async function fill(from, to) {
  let milliseconds = 0
  for (let start = from; start < to; start += batch) {
    const minted = []
    for (let index = start; index < Math.min(to, start + batch); index++) {
      const name = Buffer.from(`Name ${index}`).latin1Slice() // flat, as one that was parsed
      const { token, filed } = mintToken({ purpose: session, sub: randomUUID(), name, scope: '' })
      bearers.latin1Write(token, index * tokenLength)
      minted.push(filed)
    }
    const startedAt = performance.now()
    for (const filed of minted) await store.issue(filed)
    milliseconds += performance.now() - startedAt
  }
  return milliseconds
}

/** Living places, scattered. */
const scattered = (index) => onePercent + ((index * 7_919) % (total - onePercent))

async function timeReinflations(lists) {
  let milliseconds = 0
  for (let list = 0; list < lists; list++) {
    const keys = Array.from({ length: listLength }, (_, index) =>
      keyOf(bearerAt(scattered(list * listLength + index))),
    )
    const startedAt = performance.now()
    const found = await store.reinflate(keys, session)
    milliseconds += performance.now() - startedAt
    if (found.includes(undefined)) throw new Error('a living token was not found')
  }
  return milliseconds
}

async function timePeeks(count) {
  const keys = Array.from({ length: count }, (_, index) => keyOf(bearerAt(scattered(index))))
  const startedAt = performance.now()
  for (const key of keys) await store.peek(key, session)
  return performance.now() - startedAt
}

/** The longest time between two turns of the event loop until `isDone`. */
async function longestPause(isDone) {
  let longest = 0
  let before = performance.now()
  const endsAt = before + 60_000
  while (!(await isDone())) {
    await new Promise(setImmediate)
    const now = performance.now()
    longest = Math.max(longest, now - before)
    before = now
    if (now > endsAt) throw new Error('the cleanup did not end')
  }
  return longest
}

/** Lets `seconds` pass for the store and waits for the cleanup to leave no more than `living`. */
async function evictUntil(living, seconds) {
  await collect()
  skipped += seconds * 1000
  const stop = startCleanup({ sweeper: store, clock, log, intervalSeconds: 0.2 })
  const pause = await longestPause(async () => (await store.count()) === living)
  stop()
  return pause
}

/** Collects all garbage and gives the pages back that it leaves. */
async function collect() {
  globalThis.gc()
  await new Promise((resolve) => setTimeout(resolve, 500))
}

const perSecond = (count, milliseconds) => (count / milliseconds) * 1000

await collect()
const empty = process.memoryUsage()
let issueMilliseconds = await fill(0, onePercent)
skipped += 60_000
issueMilliseconds += await fill(onePercent, total)
await collect()
const full = process.memoryUsage()

const lists = Math.floor(total / 4 / listLength)
const peeks = total / 4
const result = {
  heapBytesPerToken: (full.heapUsed - empty.heapUsed) / total,
  residentBytesPerToken: (full.rss - empty.rss) / total,
  issuesPerSecond: perSecond(total, issueMilliseconds),
  reinflationsPerSecond: perSecond(lists * listLength, await timeReinflations(lists)),
  peeksPerSecond: perSecond(peeks, await timePeeks(peeks)),
}
await collect()
const quietUntil = performance.now() + 1_000
result.quietPause = await longestPause(async () => performance.now() > quietUntil)
result.onePercentPause = await evictUntil(total - onePercent, ttlSeconds - 30)
await fill(0, onePercent)
result.wholePause = await evictUntil(0, 2 * ttlSeconds)
process.stdout.write(JSON.stringify(result), () => process.exit())
