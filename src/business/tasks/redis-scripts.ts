/**
 * What Redis runs for tasks. All keys share a hash tag. A task is JSON under its own key, which expires when the task has
 * been over for long enough. Beside it stand three sets, ordered by instants: when a task may be claimed (`due`: of those
 * that run, when their lease ends); when it dies, of all and of each owner. A task that is open dies at no time: `+inf`.
 *
 * The keys of tasks and of owners that a script looks at beside KEYS begin with the first of these, hence are in its slot.
 */
import { runsWhenFull, type Script, script } from '../../storage/redis/scripts.ts'

/** KEYS: when all tasks die, when they are due. */
const prelude = `
local kept, due = KEYS[1], KEYS[2]
local now = clock()
local function instant(at) return string.format('%.0f', at) end
local function keyOf(id) return kept .. ':one:' .. id end
local function ofOwner(owner) return kept .. ':of:' .. owner end
local function read(id)
  local value = redis.call('GET', keyOf(id))
  return value and cjson.decode(value)
end
local function writeOpen(task, dueAt)
  task.updatedAt = now
  local value = cjson.encode(task)
  redis.call('SET', keyOf(task.id), value)
  redis.call('ZADD', due, instant(dueAt), task.id)
  return value
end
local function endAs(state, task, retention, failure)
  task.state = state
  task.updatedAt = now
  if state == 'failed' then task.error = failure end
  local diesAt = instant(now + retention)
  redis.call('SET', keyOf(task.id), cjson.encode(task), 'PXAT', diesAt)
  redis.call('ZREM', due, task.id)
  redis.call('ZADD', kept, diesAt, task.id)
  local owned = ofOwner(task.owner)
  redis.call('ZADD', owned, diesAt, task.id)
  if redis.call('ZCOUNT', owned, '+inf', '+inf') == 0 then redis.call('PEXPIREAT', owned, diesAt) end
end
local function queue(task, dueAt)
  task.state = 'queued'
  task.progress = 0
  writeOpen(task, dueAt)
end
`

function taskScript(flags: '' | typeof runsWhenFull, body: string): Script {
  return script(flags, `${prelude}${body}`)
}

/** ARGV: the task, how many may be open and how many there may be of its owner, and how many altogether. */
export const add = taskScript(
  '',
  `
local task = cjson.decode(ARGV[1])
local known = redis.call('GET', keyOf(task.id))
if known then return known end
local owned = ofOwner(task.owner)
local function remove(id, owner)
  redis.call('DEL', keyOf(id))
  redis.call('ZREM', kept, id)
  redis.call('ZREM', ofOwner(owner), id)
end
redis.call('ZREMRANGEBYSCORE', kept, '-inf', instant(now))
redis.call('ZREMRANGEBYSCORE', owned, '-inf', instant(now))
if redis.call('ZCOUNT', owned, '+inf', '+inf') >= tonumber(ARGV[2]) then return 'too many' end
if redis.call('ZCARD', owned) >= tonumber(ARGV[3]) then
  remove(redis.call('ZRANGE', owned, 0, 0)[1], task.owner)
end
if redis.call('ZCARD', kept) >= tonumber(ARGV[4]) then
  local first = redis.call('ZRANGE', kept, '-inf', '(+inf', 'BYSCORE', 'LIMIT', 0, 1)[1]
  if not first then return 'full' end
  -- One that is gone already leaves its owner's set when it dies there.
  remove(first, (read(first) or task).owner)
end
task.state, task.progress, task.tries, task.fence, task.createdAt = 'queued', 0, 0, 0, now
redis.call('ZADD', kept, '+inf', task.id)
redis.call('ZADD', owned, '+inf', task.id)
redis.call('PERSIST', owned)
return writeOpen(task, now)
`,
)

/** ARGV: how often a task is tried, lease and retention in milliseconds, what its owner reads that failed. */
export const claim = taskScript(
  runsWhenFull,
  `
while true do
  local id = redis.call('ZRANGE', due, '-inf', instant(now), 'BYSCORE', 'LIMIT', 0, 1)[1]
  if not id then return false end
  local task = read(id)
  if not task then
    redis.call('ZREM', due, id)
  elseif task.tries >= tonumber(ARGV[1]) then
    endAs('failed', task, ARGV[3], ARGV[4])
  else
    task.state, task.progress, task.tries, task.fence = 'running', 0, task.tries + 1, task.fence + 1
    return writeOpen(task, now + ARGV[2])
  end
end
`,
)

/** ARGV: the id, the fence. Leaves in `settled` where the state is one of these, though the task runs no more. */
const own = (...settled: readonly string[]) => `
local task = read(ARGV[1])
if not task or task.fence ~= tonumber(ARGV[2]) then return 0 end
if task.state ~= 'running' then
  return (${settled.map((state) => `task.state == '${state}'`).join(' or ') || 'false'}) and 1 or 0
end
`

/** ARGV: the id, the fence, percent, lease in milliseconds. */
export const progress = taskScript(
  runsWhenFull,
  `${own()}
task.progress = tonumber(ARGV[3])
writeOpen(task, now + ARGV[4])
return 1
`,
)

/** ARGV: the id, the fence, the result, retention in milliseconds. It ends what else would be done again. */
export const finish = taskScript(
  runsWhenFull,
  `${own('done')}
task.progress, task.result = 100, ARGV[3]
endAs('done', task, ARGV[4])
return 1
`,
)

/** ARGV: the id, the fence, when to retry in milliseconds, and as for `claim`, but for the lease. */
export const fail = taskScript(
  runsWhenFull,
  `${own('queued', 'failed')}
if task.tries >= tonumber(ARGV[4]) then
  endAs('failed', task, ARGV[5], ARGV[6])
else
  queue(task, now + ARGV[3])
end
return 1
`,
)

/** ARGV: the id, the fence. */
export const release = taskScript(
  runsWhenFull,
  `${own('queued')}
task.tries = task.tries - 1
queue(task, now)
return 1
`,
)

/** ARGV: the id, the owner, retention in milliseconds. Answers the state, or nothing. */
export const cancel = taskScript(
  runsWhenFull,
  `
local task = read(ARGV[1])
if not task or task.owner ~= ARGV[2] then return false end
if task.state == 'queued' or task.state == 'running' then endAs('cancelled', task, ARGV[3]) end
return task.state
`,
)

/** ARGV: the id. */
export const find = taskScript(runsWhenFull, `return redis.call('GET', keyOf(ARGV[1]))\n`)

/** ARGV: the owner, how many at most, the id before which they are or nothing, the state or nothing. */
export const list = taskScript(
  runsWhenFull,
  `
local ids = redis.call('ZRANGE', ofOwner(ARGV[1]), 0, -1)
table.sort(ids, function(one, other) return one > other end)
local found = {}
for _, id in ipairs(ids) do
  if #found == tonumber(ARGV[2]) then break end
  if ARGV[3] == '' or id < ARGV[3] then
    local value = redis.call('GET', keyOf(id))
    if value and (ARGV[4] == '' or cjson.decode(value).state == ARGV[4]) then table.insert(found, value) end
  end
end
return found
`,
)
