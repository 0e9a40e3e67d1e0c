/**
 * Counts in Redis, for as many auth processes as there are. A counter is a number under its own key, in a slot of its own:
 * so each step is one script, also in a Cluster. Nothing is cleaned up: the key dies with its window.
 *
 * Strangers choose what is counted, so Redis needs room for it. Each ask that is allowed leaves three counters for an hour
 * (network, both, address), of 160 bytes each, 200 at most. A provider's /32 is allowed 5,000 of each of three things, and
 * the same again when the hour turns: 90,000 counters, so 18 MB. An IPv4 address, which is one network, is allowed 100:
 * 1,200 counters, so 0.25 MB. Who asks from more than there is room for keeps users from logging in, but not from changing
 * their passwords.
 */
import { keyOfSubject } from '../../storage/redis/keys.ts'
import type { ScriptRunner } from '../../storage/redis/runner.ts'
import { runsWhenFull, script } from '../../storage/redis/scripts.ts'
import type { Counter, Counts } from './counts.ts'

/** KEYS: the counter. ARGV: the limit, the window in milliseconds. Answers whether it was counted. */
const countBody = `
local count = tonumber(redis.call('GET', KEYS[1]) or 0)
if count >= tonumber(ARGV[1]) then return 0 end
if count == 0 then
  redis.call('SET', KEYS[1], 1, 'PX', ARGV[2])
else
  redis.call('SET', KEYS[1], count + 1, 'KEEPTTL')
end
return 1
`
const countOne = script('', countBody)
const countOneWhenFull = script(runsWhenFull, countBody)

/** KEYS: the counter. */
const takeOneBack = script(
  runsWhenFull,
  `
local count = tonumber(redis.call('GET', KEYS[1]) or 0)
if count > 1 then
  redis.call('SET', KEYS[1], count - 1, 'KEEPTTL')
else
  redis.call('DEL', KEYS[1])
end
`,
)

export function redisCounts({ runner }: { readonly runner: ScriptRunner }): Counts {
  return {
    async count(counter) {
      const args = [String(counter.limit), String(counter.windowSeconds * 1000)]
      const script = counter.countsWhenFull ? countOneWhenFull : countOne
      const call = { script, keys: [keyOf(counter)], args, isRepeatable: false }
      return (await runner.run(call)) === 1
    },
    async takeBack(counter) {
      await runner.run({ script: takeOneBack, keys: [keyOf(counter)], isRepeatable: false })
    },
  }
}

function keyOf({ tag, kind }: Counter): string {
  return keyOfSubject(tag, 'accounts', kind)
}
