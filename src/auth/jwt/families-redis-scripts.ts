/**
 * What Redis runs for refresh families. A family is a string that begins like a token's (`scripts.ts` of the store):
 * `[expires at,rotations,rotated at,issued at,"mark","hash","previous hash",…record]`. The last answer has a key of its
 * own, so that it is gone by itself when its window closes; the ids of a subject's families stand in another, so that
 * there are never more than that.
 */
import { runsWhenFull, script } from '../../storage/redis/scripts.ts'

/** Stands for no hash: as long as one, and none. */
export const noHash = '-'.repeat(43)

/**
 * KEYS: the family, its mark, the ids of the subject's families. ARGV: life in milliseconds, the mark, the hash, no
 * hash, the record without its bracket, the id, how many the subject may have.
 *
 * The families that it looks at and ends beside its own are not among KEYS: which they are stands in the ids, under the
 * same hash tag, hence in the same slot.
 */
export const open = script(
  '',
  `
local mark = redis.call('GET', KEYS[2])
local now = clock()
if mark and mark ~= ARGV[2] then return answer(now, 'null') end
local prefix = string.sub(KEYS[1], 1, -1 - #ARGV[6])
local living = {}
for id in string.gmatch(redis.call('GET', KEYS[3]) or '', '%S+') do
  local value = redis.call('GET', prefix .. id)
  if value and isAlive(now, value, mark) then
    table.insert(living, {
      id = id,
      rotatedAt = tonumber(string.sub(value, 27, 39)),
      expiresAt = tonumber(string.sub(value, 2, 14))
    })
  end
end
table.sort(living, function(one, other) return one.rotatedAt > other.rotatedAt end)
local value = string.format('[%.0f,%10d,%.0f,%.0f,"%s","%s","%s",%s', now + ARGV[1], 0, now, now, ARGV[2], ARGV[3], ARGV[4], ARGV[5])
local ids = ARGV[6]
local last = tonumber(string.sub(value, 2, 14))
for place, one in ipairs(living) do
  if place < tonumber(ARGV[7]) then
    ids = ids .. ' ' .. one.id
    last = math.max(last, one.expiresAt)
  else
    redis.call('DEL', prefix .. one.id, prefix .. one.id .. ':answer')
  end
end
redis.call('SET', KEYS[1], value, 'PXAT', string.sub(value, 2, 14))
redis.call('SET', KEYS[3], ids, 'PXAT', string.format('%.0f', last))
return answer(now, value)
`,
)

/**
 * KEYS: the family, its mark, its answer. ARGV: the hash that was presented, the next, the window in milliseconds, the
 * sealed answer. Answers the outcome, the family, and an answer or null.
 */
export const rotate = script(
  runsWhenFull,
  `
local values = redis.call('MGET', KEYS[1], KEYS[2], KEYS[3])
local now = clock()
local value, sealed = values[1], values[3]
if not (value and isAlive(now, value, values[2])) then return answer(now, '"unknown",null,null') end
if string.sub(value, 95, 137) == ARGV[1] then
  local rotations = tonumber(string.sub(value, 16, 25)) + 1
  local rotated = string.sub(value, 1, 15) .. string.format('%10d,%.0f', rotations, now) .. string.sub(value, 40, 94)
    .. ARGV[2] .. '","' .. ARGV[1] .. string.sub(value, 184)
  redis.call('SET', KEYS[1], rotated, 'PXAT', string.sub(value, 2, 14))
  redis.call('DEL', KEYS[3])
  if ARGV[3] ~= '0' then
    local closesAt = string.format('%.0f', now + ARGV[3])
    redis.call('SET', KEYS[3], closesAt .. ARGV[4], 'PXAT', closesAt)
  end
  return answer(now, '"rotated",' .. rotated .. ',null')
end
if sealed and string.sub(value, 141, 183) == ARGV[1] and now < tonumber(string.sub(sealed, 1, 13)) then
  return answer(now, '"repeat",' .. value .. ',"' .. string.sub(sealed, 14) .. '"')
end
redis.call('DEL', KEYS[1], KEYS[3])
return answer(now, '"reused",' .. value .. ',null')
`,
)

/** KEYS: the families, then the mark of each. */
export const peek = script(
  runsWhenFull,
  `
local values = redis.call('MGET', unpack(KEYS))
local now = clock()
local asked = #KEYS / 2
for i = 1, asked do
  if not (values[i] and isAlive(now, values[i], values[asked + i])) then values[i] = 'null' end
end
return answer(now, table.concat(values, ',', 1, asked))
`,
)

/**
 * KEYS: the ids of the subject's families, their mark. ARGV: the key of a family without its id. Those that it looks at
 * are not among KEYS, as in `open`.
 */
export const list = script(
  runsWhenFull,
  `
local values = redis.call('MGET', KEYS[1], KEYS[2])
local now = clock()
local living = {}
for id in string.gmatch(values[1] or '', '%S+') do
  local value = redis.call('GET', ARGV[1] .. id)
  if value and isAlive(now, value, values[2]) then table.insert(living, value) end
end
if #living == 0 then return answer(now, 'null') end
return answer(now, table.concat(living, ','))
`,
)

/** KEYS: the family, its mark, its answer. */
export const kill = script(
  runsWhenFull,
  `
local values = redis.call('MGET', KEYS[1], KEYS[2])
local now = clock()
redis.call('DEL', KEYS[1], KEYS[3])
if not (values[1] and isAlive(now, values[1], values[2])) then return answer(now, 'null') end
return answer(now, values[1])
`,
)
