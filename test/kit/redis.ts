/** A real redis-server on a port of its own with a folder of its own. */
import { execFile } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Daemon, type Lifetime, makeFolder, startDaemon } from './daemon.ts'
import { onFreePort } from './free-port.ts'
import { pathOf } from './installed.ts'
import { aclOf, configOf, loginOf, type RedisOptions, userInfoOf } from './redis-options.ts'

export interface RedisServer {
  /** With the default user's password, if it has one. */
  readonly url: string
  urlAs(username: string, password: string): string
  readonly port: number
  /** Of the process that runs now: a restart changes it. */
  readonly pid: number
  readonly folder: string
  /** Everything that the process which runs now wrote so far. */
  output(): string
  /** One command with all rights, and what redis-cli printed; rejects where Redis answered an error. */
  cli(...command: readonly string[]): Promise<string>
  /** Ends it, and resolves when it is gone. The port and the folder stay. */
  kill(signal?: NodeJS.Signals): Promise<void>
  /** Starts it again on its port and folder, after ending it if it lives. */
  restart(): Promise<void>
  /** It keeps its connections and answers nobody. */
  stop(): void
  resume(): void
}

const run = promisify(execFile)

export async function startRedis(t: Lifetime, options: RedisOptions = {}): Promise<RedisServer> {
  const { certificate, password, isSentinel = false } = options
  const folder = makeFolder('redis')
  const users = aclOf(options)
  if (users !== undefined) writeFileSync(join(folder, 'users.acl'), users)
  let daemon: Daemon | undefined
  t.after(async () => {
    await daemon?.end()
    rmSync(folder, { recursive: true, force: true })
  })
  const port = await onFreePort(async (port) => {
    writeFileSync(join(folder, 'redis.conf'), configOf(port, folder, options))
    daemon = await start(port)
    return port
  })

  async function cli(port: number, command: readonly string[]): Promise<string> {
    const args = ['-e', '-h', '127.0.0.1', '-p', String(port), ...loginOf(options)]
    if (certificate !== undefined) args.push('--tls', '--cacert', certificate.certFile)
    const { stdout } = await run(pathOf('redis-cli'), [...args, ...command])
    return stdout.trimEnd()
  }

  async function start(port: number) {
    return await startDaemon({
      path: pathOf('redis-server'),
      args: [join(folder, 'redis.conf'), ...(isSentinel ? ['--sentinel'] : [])],
      isReady: () =>
        cli(port, ['PING']).then(
          (answer) => answer === 'PONG',
          () => false,
        ),
    })
  }

  const scheme = certificate === undefined ? 'redis' : 'rediss'
  const urlAs = (username: string, secret: string | undefined) =>
    `${scheme}://${userInfoOf(username, secret)}127.0.0.1:${port}/0`
  return {
    url: urlAs('', password),
    urlAs,
    port,
    get pid() {
      return daemon?.pid ?? 0
    },
    folder,
    output: () => daemon?.output() ?? '',
    cli: (...command) => cli(port, command),
    kill: async (signal = 'SIGKILL') => await daemon?.end(signal),
    async restart() {
      await daemon?.end()
      daemon = await start(port)
    },
    stop: () => daemon?.send('SIGSTOP'),
    resume: () => daemon?.send('SIGCONT'),
  }
}
