/** Everything that a store has of its users, as bytes to be searched. */
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { pathOf } from './installed.ts'
import type { PostgresServer } from './postgres.ts'
import type { RedisServer } from './redis.ts'

const run = promisify(execFile)

/** For a Redis that keeps an append-only file and is to keep each write in it. */
export const keepsEveryWrite = ['auto-aof-rewrite-percentage 0', 'aof-use-rdb-preamble no']

const allStrings = `
local answer = {}
for _, key in ipairs(redis.call('KEYS', '*')) do
  table.insert(answer, key)
  table.insert(answer, redis.call('GET', key))
end
return answer`

/** What it holds now, and its files: all that it ever wrote, and a snapshot. */
export async function dumpOfRedis(redis: RedisServer) {
  const keys = await redis.cli('EVAL', allStrings, '0')
  await redis.cli('SAVE')
  const folder = join(redis.folder, 'appendonlydir')
  const written = readdirSync(folder).map((file) => readFileSync(join(folder, file)))
  return {
    'keys of Redis': Buffer.from(keys),
    'append-only file of Redis': Buffer.concat(written),
    'snapshot of Redis': readFileSync(join(redis.folder, 'dump.rdb')),
  }
}

/** All databases, with the roles. */
export async function dumpOfPostgres(postgres: PostgresServer) {
  const place = ['-h', postgres.socketFolder, '-p', String(postgres.port), '-U', 'postgres']
  const options = { maxBuffer: 1024 ** 3, encoding: 'buffer' } as const
  const { stdout } = await run(pathOf('pg_dumpall'), place, options)
  return { 'dump of Postgres': stdout }
}
