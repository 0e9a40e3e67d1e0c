/**
 * How many keys of a kind there are, by a part of all keys: which those are depends on their hashes alone. In a Cluster it
 * is one of its nodes that is asked, which has a part of all.
 */
import type { RedisBacking } from '../backing.ts'
import { type Census, subjectTagOf } from '../ports.ts'
import { markKey } from './keys.ts'
import { runsWhenFull, script } from './scripts.ts'

/** How many keys are looked at. */
const sampleSize = 2_000

/**
 * KEYS: any of the node that is asked. ARGV: a pattern of keys, which captures under what they are counted. Answers how
 * many keys there are, how many were looked at, and what of it was counted how often.
 */
const census = script(
  runsWhenFull,
  `
local keys = redis.call('SCAN', '0', 'COUNT', ${sampleSize})[2]
local counts = {}
for _, key in ipairs(keys) do
  local counted = string.match(key, ARGV[1])
  if counted then counts[counted] = (counts[counted] or 0) + 1 end
end
local answer = { redis.call('DBSIZE'), #keys }
for counted, count in pairs(counts) do
  table.insert(answer, counted)
  table.insert(answer, count)
end
return answer
`,
)

/** `pattern` is one of `keyPattern`, and captures under what a key is counted. */
export async function takeCensus(
  { runner, isCluster }: Pick<RedisBacking, 'runner' | 'isCluster'>,
  pattern: string,
): Promise<Census> {
  const keys = [markKey(subjectTagOf('nobody'), 'census')]
  const answer = await runner.run({ script: census, keys, args: [pattern], isRepeatable: true })
  const { counts, isSampled } = readCensus(answer)
  return { counts, isSampled: isSampled || isCluster }
}

/** What was counted in a part of the keys, inferred for all of them. */
function readCensus(answer: unknown): Census {
  const [total, seen, ...rest] = answer as [number, number, ...(string | number)[]] // as the script answers
  const counts: Record<string, number> = {}
  for (let index = 0; index < rest.length; index += 2) {
    const inferred = (Number(rest[index + 1]) * total) / seen
    counts[String(rest[index])] = Math.round(inferred)
  }
  return { counts, isSampled: seen < total }
}
