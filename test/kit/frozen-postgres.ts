/** A PostgreSQL that does not answer, and does not end either: all of its processes are stopped. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Lifetime } from './daemon.ts'
import type { PostgresServer } from './postgres.ts'

/** The answer lets it go on, at the latest with the end of the test. */
export function freezePostgres(t: Lifetime, { socketFolder }: PostgresServer): () => void {
  const [pid] = readFileSync(join(socketFolder, 'data/postmaster.pid'), 'utf8').split('\n')
  const stopped: number[] = []
  function thaw(): void {
    for (const one of stopped.splice(0)) process.kill(one, 'SIGCONT')
  }
  t.after(thaw)
  stop(Number(pid)) // first, so that it starts no other process
  childrenOf(Number(pid)).forEach(stop)

  function stop(one: number): void {
    process.kill(one, 'SIGSTOP')
    stopped.push(one)
  }
  return thaw
}

function childrenOf(parent: number): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.filter((pid) => parentOf(pid) === parent).map(Number)
}

function parentOf(pid: string): number | undefined {
  try {
    const [, parent] = /\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? []
    return Number(parent)
  } catch {
    return undefined // it has ended
  }
}
