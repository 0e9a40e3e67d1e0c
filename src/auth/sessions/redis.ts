/**
 * The index in Redis: for each user one string, `[expires at, session, …]` in JSON. It expires with the last session that
 * it can name, which a shorter life of later ones does not change. A hash would do as well, but needs rights to more
 * commands than the servers have.
 */
import { subjectTagOf } from '../../storage/ports.ts'
import { keyOfSubject } from '../../storage/redis/keys.ts'
import type { ScriptRunner } from '../../storage/redis/runner.ts'
import { runsWhenFull, script } from '../../storage/redis/scripts.ts'
import type { IndexedSession, SessionIndex, SessionIndexOptions } from './session-index.ts'

export interface RedisSessionIndexOptions extends SessionIndexOptions {
  readonly runner: ScriptRunner
}

/** Reads what is under KEYS[1]: until when, and in `others` all sessions but those with one of these `ids`. */
const readOthers = `
local isGone = {}
for _, id in ipairs(ids) do isGone[id] = true end
local filed = cjson.decode(redis.call('GET', KEYS[1]) or '[0]')
local expiresAt = filed[1]
local others = {}
for i = 2, #filed do
  if not isGone[filed[i][1]] then table.insert(others, filed[i]) end
end
`

const writeOthers = `
table.insert(others, 1, expiresAt)
redis.call('SET', KEYS[1], cjson.encode(others), 'PXAT', string.format('%.0f', expiresAt))
`

/** ARGV: life in milliseconds, the session. Like a login, it is refused where memory is full. */
const add = script(
  '',
  `
local fresh = cjson.decode(ARGV[2])
local ids = { fresh[1] }
${readOthers}
expiresAt = math.max(expiresAt, clock() + ARGV[1])
table.insert(others, fresh)
${writeOthers}
`,
)

const list = script(runsWhenFull, `return redis.call('GET', KEYS[1]) or '[0]'\n`)

/** ARGV: the ids. */
const remove = script(
  runsWhenFull,
  `
local ids = ARGV
${readOthers}
if #others == 0 then
  redis.call('DEL', KEYS[1])
else
  ${writeOthers}
end
`,
)

type Listed = readonly [
  id: IndexedSession['id'],
  hash: IndexedSession['hash'],
  source: IndexedSession['source'],
]

type Filed = readonly [expiresAt: number, ...sessions: Listed[]]

export function redisSessionIndex({ runner, lifeSeconds }: RedisSessionIndexOptions): SessionIndex {
  const keysOf = (sub: string) => [keyOfSubject(subjectTagOf(sub), 'sessions', 'index')]

  return {
    async add(sub, { id, hash, source }) {
      const session = JSON.stringify([id, hash, source] satisfies Listed)
      const args = [String(lifeSeconds * 1000), session]
      await runner.run({ script: add, keys: keysOf(sub), args, isRepeatable: true })
    },

    async list(sub) {
      const answer = await runner.run({ script: list, keys: keysOf(sub), isRepeatable: true })
      const [, ...listed] = JSON.parse(String(answer)) as Filed // as `add` wrote it
      return listed.map(([id, hash, source]) => ({ id, hash, source }))
    },

    async remove(sub, ids) {
      await runner.run({ script: remove, keys: keysOf(sub), args: ids, isRepeatable: true })
    },
  }
}
