/** Child processes, each bound to a core, all of them ended with the benchmark, however it ends. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { createInterface } from 'node:readline'

/** Where the server under test runs, alone. */
export const testedCore = 0
/** Where everything else runs. */
export const besideCore = 1

/** False where there is no second core or no `taskset`: then the kernel decides, and the figures mean less. */
export const canBind = availableParallelism() > 1 && isInstalled('taskset')

const running = new Set<ChildProcess>()

process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

export async function endAll(): Promise<void> {
  await Promise.all([...running].map((child) => end(child)))
}

export function isInstalled(command: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${command}`]).status === 0
}

/** Binds the benchmark itself, all its threads. */
export function bindSelf(core: number): void {
  if (canBind) execFileSync('taskset', ['-a', '-c', '-p', String(core), String(process.pid)])
}

interface Start {
  readonly core: number
  readonly environment?: Readonly<Record<string, string>>
}

function start(command: string, args: readonly string[], { core, environment }: Start) {
  const { PATH = '', HOME = '' } = process.env
  const [file, fileArgs]: [string, readonly string[]] = canBind
    ? ['taskset', ['-c', String(core), command, ...args]]
    : [command, args]
  const child = spawn(file, fileArgs, {
    env: { PATH, HOME, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  child.once('close', () => running.delete(child))
  return child
}

async function end(child: ChildProcess): Promise<void> {
  if (!running.has(child)) return
  const closed = once(child, 'close')
  child.kill('SIGKILL')
  await closed
}

export interface Server {
  readonly url: string
  readonly pid: number
  end(): Promise<void>
}

/** Starts a script that says `{"message":"listening","url":…}` on its stdout. */
export async function startServer(script: string, options: Start): Promise<Server> {
  const child = start(process.execPath, [script], options)
  let complaint = ''
  child.stderr.on('data', (chunk) => {
    complaint += chunk
  })
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const { message, url } = JSON.parse(line) as { message: string; url?: string } // a line of our log
      if (message === 'listening' && url !== undefined) resolve(url)
    })
    child.once('close', () => reject(new Error(`${script} did not start: ${complaint}`)))
    child.once('error', reject)
  })
  return { url, pid: child.pid ?? 0, end: () => end(child) }
}

/** Runs a command to its end and answers what it printed. */
export async function runCommand(
  command: string,
  args: readonly string[],
  { limitSeconds, ...options }: Start & { readonly limitSeconds: number },
): Promise<string> {
  const child = start(command, args, options)
  const timer = setTimeout(() => child.kill('SIGKILL'), limitSeconds * 1000)
  let printed = ''
  let complaint = ''
  child.stdout.on('data', (chunk) => {
    printed += chunk
  })
  child.stderr.on('data', (chunk) => {
    complaint += chunk
  })
  const [code] = await once(child, 'close')
  clearTimeout(timer)
  if (code !== 0)
    throw new Error(`${command} ${args[0]} ended with ${code}: ${complaint}${printed}`)
  return printed
}

let ticksPerSecond: number | undefined

/** Processor time that a process has used so far, in its own code and in the kernel, all threads. */
export function processorSeconds(pid: number): number {
  ticksPerSecond ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ') // from the third field on, proc(5)
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}

export function residentBytes(pid: number): number {
  const [, kibibytes] =
    /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kibibytes) * 1024
}
