/**
 * What Redis runs for us. Each script is one step: Redis does nothing else meanwhile.
 *
 * A token is a string under its own key, `[expires at,refresh count,cap at,issued at,"mark",…record]`: JSON for those who
 * read it, with the parts that scripts look at in fixed places, because Lua finds them there for less. A mark is a string
 * under the key of its subject and purpose. The stored times decide, by Redis's own clock; the keys' native expiry only
 * sweeps what is dead already. An answer is one JSON text: the time, then a token or null for each that was asked about.
 *
 * A script without flags is refused where memory is full, and any script without `no-writes` is refused by a replica:
 * so even `peek` has not that flag, because what a replica says of a token may be out of date.
 */
import { hash } from 'node:crypto'

export interface Script {
  readonly text: string
  /** By which Redis knows it once it has seen it. */
  readonly sha: string
}

/** Where it frees, or only extends: it also runs where memory is full. */
export const runsWhenFull = ' flags=allow-oom'

/** How many characters a mark has: those of a UUID. */
const markLength = 36
/** Stands for no mark. */
export const noMark = '-'.repeat(markLength)

/** An instant has 13 digits until the year 2286, and a count is filled up with spaces. */
const prelude = `
local function clock()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
local function isAlive(now, value, mark)
  return now < tonumber(string.sub(value, 2, 14)) and (not mark or mark == string.sub(value, 56, 91))
end
local function answer(now, tokens)
  return string.format('[%.0f,', now) .. tokens .. ']'
end
`

/** A script with the functions above. `flags` is empty where it must be refused when memory is full. */
export function script(flags: '' | typeof runsWhenFull, body: string): Script {
  const text = `#!lua${flags}${prelude}${body}`
  return { text, sha: hash('sha1', text, 'hex') }
}

/** KEYS: the token, its mark. ARGV: TTL and longest life in milliseconds, the mark, the record without its bracket. */
const issueBody = `
local mark = redis.call('GET', KEYS[2])
local now = clock()
if mark and mark ~= ARGV[3] then return answer(now, 'null') end
local value = string.format('[%.0f,%10d,%.0f,%.0f,"%s",%s', now + ARGV[1], 0, now + ARGV[2], now, ARGV[3], ARGV[4])
redis.call('SET', KEYS[1], value, 'PXAT', string.sub(value, 2, 14))
return answer(now, value)
`
export const issue = script('', issueBody)
/** For the purposes that must go on when logins do not. */
export const issueWhenFull = script(runsWhenFull, issueBody)

/** KEYS: the tokens, then the mark of each. ARGV: TTL in milliseconds. */
export const reinflate = script(
  runsWhenFull,
  `
local now = clock()
local slid = now + ARGV[1]
local asked = #KEYS / 2
local values = redis.call('MGET', unpack(KEYS))
for i = 1, asked do
  local value = values[i]
  if value and isAlive(now, value, values[asked + i]) then
    local expiresAt = math.max(tonumber(string.sub(value, 2, 14)), math.min(slid, tonumber(string.sub(value, 27, 39))))
    local count = tonumber(string.sub(value, 16, 25)) + 1
    value = string.format('[%.0f,%10d', expiresAt, count) .. string.sub(value, 26)
    redis.call('SET', KEYS[i], value, 'PXAT', string.sub(value, 2, 14))
    values[i] = value
  else
    values[i] = 'null'
  end
end
return answer(now, table.concat(values, ',', 1, asked))
`,
)

const findBody = `
local now = clock()
local values = redis.call('MGET', KEYS[1], KEYS[2])
if not (values[1] and isAlive(now, values[1], values[2])) then return answer(now, 'null') end
`

/** KEYS: the token, its mark. */
export const peek = script(runsWhenFull, `${findBody}return answer(now, values[1])\n`)

/** KEYS: the token, its mark. */
export const remove = script(
  runsWhenFull,
  `${findBody}redis.call('DEL', KEYS[1])\nreturn answer(now, values[1])\n`,
)

/** KEYS: the marks. ARGV: for each the fresh mark and its life in milliseconds. */
export const setMarks = script(
  runsWhenFull,
  `for i = 1, #KEYS do redis.call('SET', KEYS[i], ARGV[2 * i - 1], 'PX', ARGV[2 * i]) end\n`,
)

/**
 * With `appendfsync everysec` a crash undoes what was written in the two seconds before it, and so much more for a disk
 * that is slow. What is undone is always the last: a mark is never without its change, and no token that was begun under
 * a mark outlives it.
 */
const lastingAfterMilliseconds = 5_000

/**
 * KEYS: the marks, then for each the change that sets it. ARGV as above. A change is kept as the instant at which it was
 * made. One that was there is written all the same, so that whoever waits for replicas waits for it. Answers 1 where all
 * of them are lasting.
 */
export const setMarksOnce = script(
  runsWhenFull,
  `
local now = clock()
local asked = #KEYS / 2
local isLasting = 1
for i = 1, asked do
  local before = redis.call('GET', KEYS[asked + i])
  if not before then redis.call('SET', KEYS[i], ARGV[2 * i - 1], 'PX', ARGV[2 * i]) end
  local madeAt = tonumber(before or '') or now
  if now - madeAt < ${lastingAfterMilliseconds} then isLasting = 0 end
  redis.call('SET', KEYS[asked + i], string.format('%.0f', madeAt), 'PX', ARGV[2 * i])
end
return isLasting
`,
)

/** KEYS: the marks. */
export const readMarks = script(runsWhenFull, `return redis.call('MGET', unpack(KEYS))\n`)
