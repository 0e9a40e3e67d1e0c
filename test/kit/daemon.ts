/** Servers that others wrote, each a child process, ended with the test or at the latest with this process. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { waitUntil } from './processes.ts'

/** A test, or all tests of a `describe` that share a server. */
export type Lifetime = Pick<TestContext, 'after'>

/** Who a process runs as, where that is not who we are. */
export interface OsUser {
  readonly uid: number
  readonly gid: number
}

export interface DaemonOptions {
  readonly path: string
  readonly args: readonly string[]
  readonly osUser?: OsUser | undefined
  /** What asks it to end at once. */
  readonly endSignal?: NodeJS.Signals
  readonly isReady: (output: string) => boolean | Promise<boolean>
}

export interface Daemon {
  readonly pid: number
  /** Everything that it wrote so far. */
  output(): string
  isAlive(): boolean
  send(signal: NodeJS.Signals): void
  /** Asks it to end, also while it is stopped, insists after 5 s, and resolves when it and its children are gone. */
  end(signal?: NodeJS.Signals): Promise<void>
}

const living = new Set<() => void>()
const folders: string[] = []
process.on('exit', () => {
  for (const endNow of living) endNow()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})
// Who ends the tests early ends them with a signal, after which nothing would be left to end the servers.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

/** Resolves when it is ready; rejects with its output when it ends instead. The caller ends it. */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const { path, args, osUser = {}, endSignal = 'SIGTERM', isReady } = options
  const env = { PATH: process.env.PATH ?? '' } // what else is set here could configure it
  const child = spawn(path, args, { env, cwd: '/', stdio: ['ignore', 'pipe', 'pipe'], ...osUser })
  let output = ''
  let isAlive = true
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8')
    })
  child.on('error', (error) => {
    output += error.message
    isAlive = child.pid !== undefined
  })
  child.once('exit', () => {
    isAlive = false
  })
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))

  function send(signal: NodeJS.Signals): void {
    child.kill(signal)
    child.kill('SIGCONT')
  }
  const endNow = () => send(endSignal)
  living.add(endNow)
  void closed.then(() => living.delete(endNow))

  async function end(signal = endSignal): Promise<void> {
    send(signal)
    const timer = setTimeout(() => {
      send('SIGKILL')
      // Orphans that still hold them would keep us waiting.
      child.stdout.destroy()
      child.stderr.destroy()
    }, 5_000)
    await closed
    clearTimeout(timer)
  }

  try {
    await waitUntil(async () => !isAlive || (await isReady(output)), 30)
  } catch (error) {
    await end('SIGKILL')
    throw new Error(`${path} is not ready: ${output}`, { cause: error })
  }
  if (!isAlive) {
    await closed
    throw new Error(`${path} did not start: ${output}`)
  }
  return {
    pid: child.pid ?? 0,
    output: () => output,
    isAlive: () => isAlive,
    send: (signal) => void child.kill(signal),
    end,
  }
}

/** A folder that is removed with this process, if not before. */
export function makeFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `sallyport-${name}-`))
  folders.push(folder)
  return folder
}
