/**
 * Both servers with one command, each a process of its own: auth first, business as soon as auth listens. Ends both when
 * it is told to stop, and when either of them ends.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { extname } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { capabilities as authCapabilities } from './auth/capabilities.ts'
import { demoUser } from './auth/demo.ts'
import { capabilities as businessCapabilities } from './business/capabilities.ts'
import { type LogFields, readableLine } from './log.ts'
import { type News, nextSignal, readConfigOrExit } from './run.ts'

interface ServerProcess {
  readonly child: ChildProcess
  /** Where it listens. */
  readonly url: Promise<string>
  readonly ready: Promise<'ready'>
  /** Rejects with a sentence when the process ends by itself. */
  readonly failed: Promise<never>
}

const extensions = [...authCapabilities, ...businessCapabilities].map((one) => one.extension)
const config = readConfigOrExit(process.env, ['auth', 'business'], extensions)
const signalled = nextSignal()
const running: ServerProcess[] = []
let isStopping = false

try {
  await Promise.race([startBoth(), signalled])
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : 'a fault without a name'}\n`)
  process.exitCode = 1
}
isStopping = true
// business first: what it has in flight still needs auth.
for (const one of running.reverse()) await stop(one)
process.exit()

/** Rejects when either of them ends. */
async function startBoth(): Promise<never> {
  const auth = start('auth', {})
  const authUrl = await Promise.race([auth.url, auth.failed])
  const business = start('business', { AUTH_URL: process.env.AUTH_URL ?? authUrl })
  const failed = Promise.race([auth.failed, business.failed])
  const businessUrl = await Promise.race([business.url, failed])
  await Promise.race([business.ready, failed])
  process.stdout.write(`\n${thingsToTry(authUrl, businessUrl)}\n\n`)
  return await failed
}

function start(name: 'auth' | 'business', variables: Record<string, string>): ServerProcess {
  const script = fileURLToPath(
    new URL(`./${name}/main${extname(import.meta.url)}`, import.meta.url),
  )
  const child = spawn(process.execPath, [...process.execArgv, script], {
    env: { ...process.env, ...variables },
    // The channel brings its news, and tells it when we are gone. A group of its own keeps the terminal's Ctrl-C from it.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  })
  relay(name, child.stdout)
  relay(name, child.stderr)
  const failed = endOf(name, child)
  failed.catch(() => {}) // awaited only later: until then an early end is nobody's fault
  const url = new Promise<string>((resolve) => {
    child.on('message', (news: News) => news.url !== undefined && resolve(news.url))
  })
  const ready = new Promise<'ready'>((resolve) => {
    child.on('message', (news: News) => news.isReady === true && resolve('ready'))
  })
  const started = { child, url, ready, failed }
  running.push(started)
  return started
}

async function endOf(name: string, child: ChildProcess): Promise<never> {
  let reason: string | undefined
  child.on('message', (news: News) => {
    reason ??= news.reason
  })
  const [code, signal] = await once(child, 'close')
  if (isStopping) return await new Promise<never>(() => {})
  throw new Error(
    reason ?? `${name} ended ${signal === null ? `with code ${code}` : `by ${signal}`}.`,
  )
}

/** Passes lines on behind the name of their server, readable where a terminal reads them. */
function relay(name: string, stream: NodeJS.ReadableStream | null): void {
  if (stream === null) return
  createInterface({ input: stream }).on('line', (text) => {
    const line = process.stdout.isTTY ? parseLine(text) : undefined
    const shown = line === undefined ? text : readableLine(line)
    process.stdout.write(`${name.padEnd(8)} | ${shown}\n`)
  })
}

function parseLine(text: string): LogFields | undefined {
  try {
    return JSON.parse(text) as LogFields // our own log wrote it
  } catch {
    return undefined
  }
}

async function stop({ child }: ServerProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}

function thingsToTry(authUrl: string, businessUrl: string): string {
  const { username, password } =
    config.environment === 'demo' ? demoUser : { username: 'NAME', password: 'PASSWORD' }
  return [
    `auth      ${authUrl}`,
    `business  ${businessUrl}`,
    `log in as ${username} with the password ${password}`,
    '',
    'Try, in another terminal:',
    `  TOKEN=$(curl -s ${authUrl}/login -d username=${username} -d password=${password} | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')`,
    `  curl -s ${businessUrl}/data -H "Authorization: Bearer $TOKEN"`,
    `  curl -s -X POST ${authUrl}/logout -H "Authorization: Bearer $TOKEN"`,
    `  ./scripts/bot --auth ${authUrl} --business ${businessUrl}`,
    '',
    'Ctrl-C stops both.',
  ].join('\n')
}
