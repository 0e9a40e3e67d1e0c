/**
 * What Redis runs for the log of events. A topic is a stream that all workers read as one consumer: an entry is its taker's
 * for as long as it is not idle for the lease, and who the taker is need not be known. So workers may come and go without
 * leaving anything behind.
 *
 * What is settled or buried is acknowledged and deleted at once: the length of the stream is how many wait. An entry
 * that was replayed carries the id that it had, for its place in the stream is a new one.
 */
import { runsWhenFull, script } from '../../storage/redis/scripts.ts'

const group = `'workers'`
/** Of looking for idle entries, in one take. Redis does nothing else meanwhile. */
const mostTurns = 20

/**
 * KEYS: the topic, the pending entry. ARGV: how many may wait, the owner, what it is about, the payload. Answers its place, or
 * nothing where it was refused.
 */
export const publish = script(
  '',
  `
if redis.call('XLEN', KEYS[1]) >= tonumber(ARGV[1]) then return false end
local place = redis.call('XADD', KEYS[1], '*', 'owner', ARGV[2], 'about', ARGV[3], 'payload', ARGV[4])
local millisecond, number = string.match(place, '(%d+)-(%d+)')
local id = string.rep('0', 15 - #millisecond) .. millisecond .. '-' .. string.rep('0', 10 - #number) .. number
redis.call('SET', KEYS[2], id .. ARGV[4])
return place
`,
)

/** KEYS: pending entries. */
export const pending = script(runsWhenFull, `return redis.call('MGET', unpack(KEYS))\n`)

/**
 * KEYS: the topic. ARGV: the lease in milliseconds, how many at most. Answers entries.
 *
 * Redis passes by ten times as many as are asked for that are not idle, and then says where to go on.
 */
export const take = script(
  runsWhenFull,
  `
local taken = {}
local room = tonumber(ARGV[2])
local from = '0-0'
for turn = 1, ${mostTurns} do
  local claimed = redis.pcall('XAUTOCLAIM', KEYS[1], ${group}, 'worker', ARGV[1], from, 'COUNT', room)
  if claimed.err then
    if string.sub(claimed.err, 1, 7) ~= 'NOGROUP' then return claimed end
    redis.call('XGROUP', 'CREATE', KEYS[1], ${group}, '0', 'MKSTREAM')
    break
  end
  for _, entry in ipairs(claimed[2]) do table.insert(taken, entry) end
  room = room - #claimed[2]
  if room == 0 then return taken end
  from = claimed[1]
  if from == '0-0' then break end
end
local read = redis.call('XREADGROUP', 'GROUP', ${group}, 'worker', 'COUNT', room, 'STREAMS', KEYS[1], '>')
for _, entry in ipairs(read and read[1][2] or {}) do table.insert(taken, entry) end
return taken
`,
)

/** Lets the pending entry of an event go soon, where nothing newer is in its place. */
const letGo = `
local function letGo(key, id, milliseconds)
  local entry = redis.call('GET', key)
  if entry and string.sub(entry, 1, #id) == id then redis.call('PEXPIRE', key, milliseconds, 'NX') end
end
`

/** KEYS: the topic, the pending entries. ARGV: the life of those in milliseconds, the places, then the ids. */
export const settle = script(
  runsWhenFull,
  `${letGo}
local count = #KEYS - 1
redis.call('XACK', KEYS[1], ${group}, unpack(ARGV, 2, count + 1))
redis.call('XDEL', KEYS[1], unpack(ARGV, 2, count + 1))
for i = 1, count do letGo(KEYS[i + 1], ARGV[count + i + 1], ARGV[1]) end
`,
)

/**
 * KEYS: the topic, the pending entry, the dead letters. ARGV: the life of the pending entry in milliseconds, the place, the
 * id, how many dead letters there may be, then the fields of this one. Answers nothing where those are too many.
 */
export const bury = script(
  runsWhenFull,
  `${letGo}
if redis.call('XLEN', KEYS[3]) >= tonumber(ARGV[4]) then return false end
redis.call('XACK', KEYS[1], ${group}, ARGV[2])
if redis.call('XDEL', KEYS[1], ARGV[2]) == 1 then redis.call('XADD', KEYS[3], '*', unpack(ARGV, 5)) end
letGo(KEYS[2], ARGV[3], ARGV[1])
return 1
`,
)

/** KEYS: the dead letters. ARGV: from which on, how many at most. Answers entries. */
export const deadLetters = script(
  runsWhenFull,
  `return redis.call('XRANGE', KEYS[1], ARGV[1], '+', 'COUNT', ARGV[2])\n`,
)

/** KEYS: the dead letters, the topic. ARGV: the letter, how many may wait, then the fields of the event. */
export const replay = script(
  '',
  `
if #redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1]) == 0 then return 'gone' end
if redis.call('XLEN', KEYS[2]) >= tonumber(ARGV[2]) then return 'full' end
redis.call('XDEL', KEYS[1], ARGV[1])
redis.call('XADD', KEYS[2], '*', unpack(ARGV, 3))
return 'replayed'
`,
)

/** KEYS: any. */
export const ping = script(runsWhenFull, `return redis.call('XLEN', KEYS[1])\n`)
