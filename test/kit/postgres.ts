/**
 * A real PostgreSQL on a port of its own with a folder of its own. The superuser comes in by the unix socket without a
 * password, over TCP everybody needs one. What it wrote outlives its process, not the machine: it does not wait for the
 * disk unless told to.
 */
import { execFile, execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Daemon, type Lifetime, makeFolder, type OsUser, startDaemon } from './daemon.ts'
import { onFreePort } from './free-port.ts'
import { pathOf } from './installed.ts'

export interface PostgresOptions {
  /** Whether a commit waits for the disk. By default it does not. */
  readonly fsync?: boolean
  readonly maxConnections?: number
  /** Further settings, as for `postgres -c`. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>
}

export interface PostgresServer {
  /** The superuser over TCP. */
  readonly adminUrl: string
  readonly port: number
  /** For `PGHOST`, as the superuser `postgres`. */
  readonly socketFolder: string
  /** Everything that the process which runs now wrote so far. */
  output(): string
  /** Resolves with the superuser's URL of it. */
  createDatabase(name: string): Promise<string>
  /** Runs statements as the superuser, and resolves with what psql printed: no titles, `|` between columns. */
  psql(sql: string, database?: string): Promise<string>
  /** SIGINT, the default, cuts all connections, SIGQUIT is a crash, SIGTERM waits for the clients. The port and the folder stay. */
  stop(signal?: 'SIGINT' | 'SIGQUIT' | 'SIGTERM'): Promise<void>
  /** Starts it again on its port and folder, after ending it if it lives. */
  restart(): Promise<void>
}

const superuser = { name: 'postgres', password: randomBytes(24).toString('base64url') }

const access = `
local all ${superuser.name} trust
local all all scram-sha-256
host all all 127.0.0.1/32 scram-sha-256
`

const run = promisify(execFile)

export async function startPostgres(
  t: Lifetime,
  options: PostgresOptions = {},
): Promise<PostgresServer> {
  const osUser = osUserOfPostgres()
  const folder = makeOwnFolder(osUser)
  const dataFolder = join(folder, 'data')
  let daemon: Daemon | undefined
  t.after(async () => {
    await daemon?.end()
    rmSync(folder, { recursive: true, force: true })
  })
  await run('cp', ['-a', await initialised(osUser), dataFolder])

  async function start(port: number): Promise<Daemon> {
    const { fsync = false, maxConnections = 100, settings = {} } = options
    const all = {
      listen_addresses: '127.0.0.1',
      port,
      unix_socket_directories: folder,
      max_connections: maxConnections,
      fsync,
      full_page_writes: fsync,
      ...settings,
    }
    return await startDaemon({
      path: pathOf('postgres'),
      args: ['-D', dataFolder, ...Object.entries(all).flatMap(([k, v]) => ['-c', `${k}=${v}`])],
      osUser,
      endSignal: 'SIGINT',
      isReady: (output) => output.includes('ready to accept connections'),
    })
  }

  const port = await onFreePort(async (port) => {
    daemon = await start(port)
    return port
  })

  async function psql(sql: string, database = 'postgres'): Promise<string> {
    const place = ['-h', folder, '-p', String(port), '-U', superuser.name, '-d', database]
    const manner = ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1']
    const running = run(pathOf('psql'), [...place, ...manner])
    running.child.stdin?.end(sql)
    return (await running).stdout.trimEnd()
  }

  const urlOf = (database: string) =>
    `postgres://${superuser.name}:${superuser.password}@127.0.0.1:${port}/${database}`
  return {
    adminUrl: urlOf('postgres'),
    port,
    socketFolder: folder,
    output: () => daemon?.output() ?? '',
    async createDatabase(name) {
      await psql(`create database "${name}"`)
      return urlOf(name)
    },
    psql,
    stop: async (signal) => await daemon?.end(signal),
    async restart() {
      await daemon?.end()
      daemon = await start(port)
    },
  }
}

/** Initialising takes a second, so it is done once per process, and each server gets a copy. */
let initialising: Promise<string> | undefined

function initialised(osUser: OsUser | undefined): Promise<string> {
  initialising ??= initialise(osUser)
  return initialising
}

async function initialise(osUser: OsUser | undefined): Promise<string> {
  const folder = makeOwnFolder(osUser)
  const [dataFolder, passwordFile] = [join(folder, 'data'), join(folder, 'password')]
  writeFileSync(passwordFile, superuser.password)
  const args = ['-D', dataFolder, '-U', superuser.name, `--pwfile=${passwordFile}`, '--no-sync']
  const text = ['--encoding=UTF8', '--locale=C.UTF-8', '--auth=scram-sha-256']
  await run(pathOf('initdb'), [...args, ...text], { cwd: '/', ...osUser })
  writeFileSync(join(dataFolder, 'pg_hba.conf'), access)
  return dataFolder
}

function makeOwnFolder(osUser: OsUser | undefined): string {
  const folder = makeFolder('postgres')
  if (osUser !== undefined) chownSync(folder, osUser.uid, osUser.gid)
  return folder
}

/** PostgreSQL refuses to run as root, so there it runs as the user that its package made. */
function osUserOfPostgres(): OsUser | undefined {
  if (process.getuid?.() !== 0) return undefined
  const idOf = (flag: string) =>
    Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: idOf('-u'), gid: idOf('-g') }
}
