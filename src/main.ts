/**
 * Both servers with one command, each a process of its own: auth first, business as soon as auth listens. Ends both when
 * it is told to stop, and when either of them ends.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { extname } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { demoUser } from './auth/demo.ts'
import { type LogFields, readableLine } from './log.ts'
import { nextSignal, readConfigOrExit } from './run.ts'

interface Started {
  readonly name: string
  readonly child: ChildProcess
  /** Where it listens; rejects where it ended before it did. */
  readonly url: Promise<string>
  /** Rejects with a sentence when the process ends by itself. */
  readonly failed: Promise<never>
}

const config = readConfigOrExit(process.env)
const signalled = nextSignal()
const running: Started[] = []
let isStopping = false

try {
  const auth = start('auth', {})
  const authUrl = await auth.url
  const business = start('business', { AUTH_URL: process.env.AUTH_URL ?? authUrl })
  const businessUrl = await business.url
  const failed = Promise.race([auth.failed, business.failed])
  if ((await Promise.race([untilReady(businessUrl), signalled, failed])) === 'ready') {
    process.stdout.write(`\n${thingsToTry(authUrl, businessUrl)}\n\n`)
    await Promise.race([signalled, failed])
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : 'a fault without a name'}\n`)
  process.exitCode = 1
}
isStopping = true
// business first: what it has in flight still needs auth.
for (const one of running.reverse()) await stop(one)
process.exit()

function start(name: 'auth' | 'business', variables: Record<string, string>): Started {
  const script = fileURLToPath(
    new URL(`./${name}/main${extname(import.meta.url)}`, import.meta.url),
  )
  const child = spawn(process.execPath, [...process.execArgv, script], {
    env: { ...process.env, ...variables },
    // The channel tells it when we are gone; a group of its own keeps the terminal's Ctrl-C from it.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  })
  let reason = ''
  const url = new Promise<string>((resolve, reject) => {
    relay(name, child.stdout, (line) => {
      if (line.message === 'listening') resolve(String(line.url))
      if (line.level === 'error') reason = String(line.message)
    })
    relay(name, child.stderr, () => {})
    child.once('exit', () => reject(new Error(reason === '' ? `${name} could not start.` : reason)))
  })
  const failed = once(child, 'exit').then(([code, signal]) => {
    if (isStopping) return new Promise<never>(() => {})
    const end = signal === null ? `with code ${code}` : `by ${signal}`
    throw new Error(reason === '' ? `${name} ended ${end}.` : reason)
  })
  failed.catch(() => {}) // whoever waits for it has it; until then it is no fault
  url.catch(() => {})
  const started = { name, child, url, failed }
  running.push(started)
  return started
}

/** Passes lines on behind the name of their server, readable where a terminal reads them. */
function relay(
  name: string,
  stream: NodeJS.ReadableStream | null,
  see: (line: LogFields) => void,
): void {
  if (stream === null) return
  createInterface({ input: stream }).on('line', (text) => {
    const line = parseLine(text)
    const shown = line !== undefined && process.stdout.isTTY ? readableLine(line) : text
    process.stdout.write(`${name.padEnd(8)} | ${shown}\n`)
    if (line !== undefined) see(line)
  })
}

function parseLine(text: string): LogFields | undefined {
  try {
    return JSON.parse(text) as LogFields // our own log wrote it
  } catch {
    return undefined
  }
}

async function untilReady(url: string): Promise<'ready'> {
  while (!isStopping) {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined)
    if (answer?.status === 200) break
    await delay(50)
  }
  return 'ready'
}

async function stop({ child }: Started): Promise<void> {
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
    '',
    'Ctrl-C stops both.',
  ].join('\n')
}
