/** The real servers as real processes, each on a port of its own, ended with the test that started them. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { holdToDocument } from './declared-answers.ts'
import type { LogLine } from './log.ts'
import { recordSecret } from './used-secrets.ts'

export interface ServerProcess {
  readonly url: string
  readonly pid: number
  /** Everything that it wrote to stdout and stderr so far. */
  output(): string
  /** The log lines with this message so far. */
  find(message: string): readonly LogLine[]
  signal(signal: NodeJS.Signals): void
  /** Resolves when it has ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>
}

export type Variables = Readonly<Record<string, string>>

export async function startAuth(t: TestContext, variables: Variables = {}): Promise<ServerProcess> {
  return await startServer(t, 'auth', { AUTH_PORT: '0', ...mailsApart(variables), ...variables })
}

export async function startBusiness(
  t: TestContext,
  variables: Variables = {},
): Promise<ServerProcess> {
  return await startServer(t, 'business', { BUSINESS_PORT: '0', ...variables })
}

/** A worker of business, at work; with the variables of a business whose workers are apart. */
export async function startWorker(t: TestContext, variables: Variables) {
  const started = spawnScript('../../src/business/main-worker.js', variables)
  t.after(() => end(started.child))
  await waitUntil(() => started.find('working').length > 0 || started.child.exitCode !== null, 30)
  if (started.find('working').length === 0)
    throw new Error(`a worker did not start: ${started.output()}`)
  return started
}

/** Both, business configured to ask this auth, and ready. */
export async function startBoth(t: TestContext, variables: Variables = {}) {
  const auth = await startAuth(t, variables)
  const business = await startBusiness(t, { ...variables, AUTH_URL: auth.url })
  await untilReady(business.url)
  return { auth, business }
}

async function startServer(
  t: TestContext,
  name: 'auth' | 'business',
  variables: Variables,
): Promise<ServerProcess> {
  const started = spawnServer(name, variables)
  t.after(() => end(started.child))
  await waitUntil(() => started.find('listening').length > 0 || started.child.exitCode !== null)
  const [line] = started.find('listening')
  if (line === undefined) throw new Error(`${name} did not start: ${started.output()}`)
  const url = String(line.url)
  holdToDocument(url)
  return { ...started, url, pid: started.child.pid ?? 0 }
}

/** Starts a server and does not wait: for servers that are expected not to start. The caller ends `child`. */
export function spawnServer(name: 'auth' | 'business', variables: Variables) {
  return spawnScript(`../../src/${name}/main.js`, variables)
}

/** Starts a compiled script, named from this folder, with these variables and the stores of this run, and no others. */
export function spawnScript(script: string, variables: Variables, args: readonly string[] = []) {
  const { PATH = '', NODE_V8_COVERAGE } = process.env
  const env = {
    PATH,
    ...(NODE_V8_COVERAGE === undefined ? {} : { NODE_V8_COVERAGE }),
    ...onStores({ ...storesOfRun(), ...variables }),
  }
  recordSecret(variables.BUSINESS_CLIENT_SECRET)
  const path = fileURLToPath(new URL(script, import.meta.url))
  const child = spawn(process.execPath, [path, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const gather = (chunk: Buffer) => {
    output += chunk.toString('utf8')
  }
  child.stdout.on('data', gather)
  child.stderr.on('data', gather)
  return {
    child,
    output: () => output,
    find: (message: string) => parseLines(output).filter((line) => line.message === message),
    signal: (signal: NodeJS.Signals) => void child.kill(signal),
    ended: once(child, 'close').then(
      ([code, signal]) => ({ code, signal }) as Awaited<ServerProcess['ended']>,
    ),
  }
}

/**
 * Where these tests run on other stores than memory, each auth that does not say otherwise gets them. There all tests log
 * in as one user, and must not end the sessions of one another.
 */
function storesOfRun(): Variables {
  const { TEST_TOKEN_STORE: tokens, TEST_ACCOUNT_STORE: accounts } = process.env
  return {
    ...(tokens === undefined ? {} : { TOKEN_STORE: tokens, MAX_SESSIONS_PER_USER: '1000' }),
    ...(accounts === undefined ? {} : { ACCOUNT_STORE: accounts }),
  }
}

const mails = join(tmpdir(), `sallyport-mails-${process.pid}`)
process.on('exit', () => rmSync(mails, { recursive: true, force: true }))

/** The mails of a demo that does not say where they go lie in a folder that goes with this process. */
function mailsApart({ APP_ENV, SMTP_URL }: Variables): Variables {
  return APP_ENV === 'production' || SMTP_URL !== undefined ? {} : { MAIL_DIR: mails }
}

/** A demo on stores that last is only started where somebody says that it is one. */
function onStores(variables: Variables): Variables {
  const { TOKEN_STORE: tokens = 'memory:', ACCOUNT_STORE: accounts = 'memory:' } = variables
  const isInMemory = tokens === 'memory:' && accounts === 'memory:'
  return isInMemory ? variables : { APP_ENV: 'demo', ...variables }
}

function parseLines(output: string): LogLine[] {
  const whole = output.slice(0, output.lastIndexOf('\n') + 1)
  return whole
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as LogLine)
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const closed = once(child, 'close')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 3_000)
  await closed
  clearTimeout(timer)
}

export async function untilReady(url: string): Promise<void> {
  await waitUntil(async () => (await fetch(`${url}/readyz`)).status === 200)
}

/** Asks again every 10 ms until it is so; fails after `seconds`. */
export async function waitUntil(
  isSo: () => boolean | Promise<boolean>,
  seconds = 10,
): Promise<void> {
  const deadline = Date.now() + seconds * 1000
  while (!(await isSo())) {
    if (Date.now() > deadline)
      throw new Error(`it was not so within ${seconds} s: ${isSo.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
