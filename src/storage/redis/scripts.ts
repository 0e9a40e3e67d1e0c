/**
 * What Redis runs for us. Each script is one step: Redis does nothing else meanwhile.
 *
 * A token is a string under its own key, `<expires at> <refresh count> <cap at> <issued at> <mark> <record>`; a mark is a
 * string under the key of its subject and purpose. The stored times decide, by Redis's own clock; the keys' native
 * expiry only sweeps what is dead already.
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
const runsWhenFull = ' flags=allow-oom'

/** '-' stands for no mark: an empty one would not be a word. */
const prelude = `
local function clock()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
local function whole(number)
  return string.format('%.0f', number)
end
local function file(key, expiresAt, count, capAt, issuedAt, mark, record)
  local value = whole(expiresAt) .. ' ' .. count .. ' ' .. capAt .. ' ' .. issuedAt .. ' ' .. mark .. ' ' .. record
  redis.call('SET', key, value, 'PXAT', whole(expiresAt))
  return value
end
local function read(value)
  return string.match(value, '^(%d+) (%d+) (%d+) (%d+) (%S+) (.*)$')
end
local function isAlive(now, expiresAt, own, mark)
  return now < tonumber(expiresAt) and (not mark or mark == own)
end
`

function script(flags: string, body: string): Script {
  const text = `#!lua${flags}${prelude}${body}`
  return { text, sha: hash('sha1', text, 'hex') }
}

/** KEYS: the token, its mark. ARGV: TTL and longest life in milliseconds, the mark or '-', the record. */
const issueBody = `
local mark = redis.call('GET', KEYS[2])
if mark and mark ~= ARGV[3] then return false end
local now = clock()
local capAt = whole(now + ARGV[2])
return { whole(now), file(KEYS[1], now + ARGV[1], '0', capAt, whole(now), ARGV[3], ARGV[4]) }
`
export const issue = script('', issueBody)
/** For the purposes that must go on when logins do not. */
export const issueWhenFull = script(runsWhenFull, issueBody)

/** KEYS: the tokens, then the mark of each. ARGV: TTL in milliseconds. Answers the time, then the tokens. */
export const reinflate = script(
  runsWhenFull,
  `
local now = clock()
local asked = #KEYS / 2
local values = redis.call('MGET', unpack(KEYS))
local answer = { whole(now) }
for i = 1, asked do
  local value = values[i]
  answer[i + 1] = false
  if value then
    local expiresAt, count, capAt, issuedAt, own, record = read(value)
    if isAlive(now, expiresAt, own, values[asked + i]) then
      local slid = math.max(tonumber(expiresAt), math.min(now + ARGV[1], tonumber(capAt)))
      answer[i + 1] = file(KEYS[i], slid, whole(count + 1), capAt, issuedAt, own, record)
    end
  end
end
return answer
`,
)

const findBody = `
local now = clock()
local values = redis.call('MGET', KEYS[1], KEYS[2])
if not values[1] then return false end
local expiresAt, count, capAt, issuedAt, own = read(values[1])
if not isAlive(now, expiresAt, own, values[2]) then return false end
`

/** KEYS: the token, its mark. */
export const peek = script(runsWhenFull, `${findBody}return { whole(now), values[1] }\n`)

/** KEYS: the token, its mark. */
export const remove = script(
  runsWhenFull,
  `${findBody}redis.call('DEL', KEYS[1])\nreturn { whole(now), values[1] }\n`,
)

/** KEYS: the marks. ARGV: for each the fresh mark and its life in milliseconds. */
export const setMarks = script(
  runsWhenFull,
  `for i = 1, #KEYS do redis.call('SET', KEYS[i], ARGV[2 * i - 1], 'PX', ARGV[2 * i]) end\n`,
)

/** KEYS: the marks. */
export const readMarks = script(runsWhenFull, `return redis.call('MGET', unpack(KEYS))\n`)
