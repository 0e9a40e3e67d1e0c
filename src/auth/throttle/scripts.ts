/**
 * How attempts are counted in Redis. A counter is a string under its own key, `<empty at> <started at>`, and dies when it
 * is empty. What an account knows is a string of records of equal length, `<source><known until>`, the latest first: it
 * cannot grow. That failures are untold is an empty string; told, it is for a minute the id of the success that was
 * answered so. Redis's clock decides.
 */
import { runsWhenFull, script } from '../../storage/redis/scripts.ts'
import { firstWaitMilliseconds } from './limits.ts'

/** A source has 12 characters, and an instant 13 digits until the year 2286. */
const prelude = `
local function read(key)
  local value = redis.call('GET', key)
  if not value then return 0, 0 end
  return tonumber(string.sub(value, 1, 13)), tonumber(string.sub(value, 15, 27))
end
local function write(key, now, emptyAt, startedAt)
  if emptyAt <= now then
    redis.call('DEL', key)
  else
    redis.call('SET', key, string.format('%013.0f %013.0f', emptyAt, startedAt), 'PXAT', string.format('%.0f', emptyAt))
  end
end
local function add(key, now, cost, begins)
  local emptyAt, startedAt = read(key)
  if cost < 0 then
    write(key, now, emptyAt + cost, 0)
  else
    write(key, now, math.max(emptyAt, now) + cost, begins and now or startedAt)
  end
end
`

/**
 * KEYS: one counter; or a pair's, its account's and what the account knows. ARGV: the source; then for each counter its
 * free failures, longest wait, and the cost of an attempt under way. Answers how long to wait, counting nothing then, and
 * whether the source was known.
 */
export const begin = script(
  '',
  `${prelude}
local now = clock()
local counted = math.min(#KEYS, 2)
local isKnown = 0
local records = KEYS[3] and redis.call('GET', KEYS[3]) or ''
for i = 1, #records, 25 do
  if string.sub(records, i, i + 11) == ARGV[1] and now < tonumber(string.sub(records, i + 12, i + 24)) then
    isKnown = 1
    counted = 1
  end
end
local longest = 0
for i = 1, counted do
  local free, longestWait, cost = tonumber(ARGV[3 * i - 1]), tonumber(ARGV[3 * i]), tonumber(ARGV[3 * i + 1])
  local emptyAt, startedAt = read(KEYS[i])
  local excess = (emptyAt + cost - now) / longestWait - free
  if excess > 0 then
    local wait = math.min(longestWait, ${firstWaitMilliseconds} * 2 ^ math.floor(excess))
    longest = math.max(longest, math.ceil(startedAt + wait - now))
  end
end
if longest == 0 then
  for i = 1, counted do add(KEYS[i], now, tonumber(ARGV[3 * i + 1]), true) end
end
return {longest, isKnown}
`,
)

/** KEYS: counters. ARGV: for each what is added to it; less than nothing gives back the turn too. */
export const settle = script(
  runsWhenFull,
  `${prelude}
local now = clock()
for i = 1, #KEYS do add(KEYS[i], now, tonumber(ARGV[i]), false) end
`,
)

/**
 * KEYS: a pair's counter and its account's; then, where somebody has that name, what is untold. ARGV: what is added to
 * each counter, and for how long it is untold.
 */
export const failElsewhere = script(
  runsWhenFull,
  `${prelude}
local now = clock()
for i = 1, 2 do add(KEYS[i], now, tonumber(ARGV[i]), false) end
if KEYS[3] then redis.call('SET', KEYS[3], '', 'PX', ARGV[3]) end
`,
)

/**
 * KEYS: a pair's counter and what its account knows; then, where the place was not known, what is untold. ARGV: the
 * source, for how long it is known, how many are, and an id of this success, which is answered the same however often it
 * asks. Answers whether something was untold.
 */
export const remember = script(
  runsWhenFull,
  `
local now = clock()
redis.call('DEL', KEYS[1])
local knownUntil = string.format('%.0f', now + ARGV[2])
local kept = {ARGV[1] .. knownUntil}
local records = redis.call('GET', KEYS[2]) or ''
for i = 1, #records, 25 do
  if string.sub(records, i, i + 11) ~= ARGV[1] and #kept < tonumber(ARGV[3]) then
    kept[#kept + 1] = string.sub(records, i, i + 24)
  end
end
redis.call('SET', KEYS[2], table.concat(kept), 'PXAT', knownUntil)
local untold = KEYS[3] and redis.call('GET', KEYS[3])
if untold ~= '' and untold ~= ARGV[4] then return 0 end
redis.call('SET', KEYS[3], ARGV[4], 'PX', 60000)
return 1
`,
)
