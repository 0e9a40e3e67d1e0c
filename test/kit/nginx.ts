/** A real nginx on ports of its own, with a template as the official image takes it: what stands inside of `http`. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Daemon, type Lifetime, makeFolder, startDaemon } from './daemon.ts'
import { againIfTaken, freePort } from './free-port.ts'
import { pathOf } from './installed.ts'
import { waitUntil } from './processes.ts'

export interface NginxOptions {
  /** The path of the template. */
  readonly template: string
  /** What stands for `${NAME}` and `$NAME`. Other names are nginx's own, and stay. */
  readonly variables?: Readonly<Record<string, string>>
  /** The names of further variables, each of which becomes a free port. */
  readonly ports: readonly string[]
}

export interface NginxServer {
  /** By the names that `ports` gave. */
  port(name: string): number
  readonly pid: number
  readonly folder: string
  /** Its error log so far, from `notice` on. */
  output(): string
  accessLog(): string
  /** Begins anew with these variables changed, and resolves when the old worker takes nobody any more. Rejects where nginx finds a mistake. */
  reload(changes?: Readonly<Record<string, string>>): Promise<void>
}

export async function startNginx(t: Lifetime, options: NginxOptions): Promise<NginxServer> {
  const folder = makeFolder('nginx')
  let daemon: Daemon | undefined
  t.after(async () => {
    await daemon?.end()
    rmSync(folder, { recursive: true, force: true })
  })
  mkdirSync(join(folder, 'conf.d'))
  writeFileSync(join(folder, 'nginx.conf'), mainConfig())
  const template = readFileSync(options.template, 'utf8')
  const write = (variables: Readonly<Record<string, string>>) =>
    writeFileSync(join(folder, 'conf.d', 'default.conf'), render(template, variables))

  const { ports, started } = await againIfTaken(async () => {
    const ports = new Map<string, number>()
    for (const name of options.ports) ports.set(name, await freePort())
    write({ ...options.variables, ...textsOf(ports) })
    return { ports, started: await start(folder) }
  })
  daemon = started
  const output = () => started.output()

  return {
    port(name) {
      const port = ports.get(name)
      if (port === undefined) throw new TypeError(`nginx was given no port ${name}`)
      return port
    },
    pid: started.pid,
    folder,
    output,
    accessLog: () => readFileSync(join(folder, 'access.log'), 'utf8'),
    async reload(changes = {}) {
      const before = output().length
      write({ ...options.variables, ...changes, ...textsOf(ports) })
      started.send('SIGHUP')
      const since = () => output().slice(before)
      await waitUntil(() => /gracefully shutting down|\[emerg\]/.test(since()))
      if (since().includes('[emerg]')) throw new Error(`nginx did not reload: ${since()}`)
    },
  }
}

/** As `envsubst` does when it is told which names. */
export function render(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(
    /\$(?:\{(\w+)\}|(\w+))/g,
    (whole, braced?: string, bare?: string) => variables[braced ?? bare ?? ''] ?? whole,
  )
}

async function start(folder: string): Promise<Daemon> {
  return await startDaemon({
    path: pathOf('nginx'),
    args: ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr', '-g', 'daemon off;'],
    isReady: (output) => output.includes('start worker process '), // by then it listens
  })
}

function mainConfig(): string {
  // Workers of another user could not enter the folder, which belongs to root alone.
  const user = process.getuid?.() === 0 ? 'user root root;' : ''
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `${user}
worker_processes 1;
pid nginx.pid;
error_log stderr notice;
events { worker_connections 1024; }
http {
  access_log access.log;
  ${temporary.map((name) => `${name}_temp_path ${name};`).join('\n  ')}
  include conf.d/*.conf;
}
`
}

function textsOf(ports: ReadonlyMap<string, number>): Record<string, string> {
  return Object.fromEntries([...ports].map(([name, port]) => [name, String(port)]))
}
