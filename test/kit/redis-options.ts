/**
 * What a test says about a redis-server, as lines of its configuration.
 *
 * They stand in a file of the server's own and not in its arguments: a Sentinel rewrites that file, so that a server
 * which comes back is what the Sentinel made of it.
 */
import { readFileSync } from 'node:fs'

export interface RedisOptions {
  /** Lines of configuration, stronger than all others. */
  readonly config?: readonly string[]
  /** A configuration to begin with; address, folder and files are replaced. */
  readonly configFile?: string
  /** Users, as in an ACL file. The kit adds one of its own, who may do everything. */
  readonly aclLines?: readonly string[]
  /** The same from a file, which is read, not written. */
  readonly aclFile?: string
  /** Of the default user. Not with users. */
  readonly password?: string
  /** How often the append-only file is forced to disk. By default there is no such file. */
  readonly appendOnly?: 'everysec' | 'always'
  readonly replicaOf?: { readonly port: number }
  /** Not a store but a Sentinel; `config` says of whom. */
  readonly isSentinel?: boolean
  /** TLS instead of plain TCP. The certificate must be its own authority. */
  readonly certificate?: { readonly certFile: string; readonly keyFile: string }
}

interface Credentials {
  readonly username: string
  readonly password: string
}

const kitUser: Credentials = { username: 'kit', password: 'of-the-kit' }

/** Who may do everything; nobody in particular where there are neither users nor a password. */
export function adminOf({ aclLines, aclFile, password }: RedisOptions): Credentials | undefined {
  if (aclLines !== undefined || aclFile !== undefined) return kitUser
  return password === undefined ? undefined : { username: 'default', password }
}

/** How redis-cli is told who asks. */
export function loginOf(options: RedisOptions): string[] {
  const admin = adminOf(options)
  if (admin === undefined) return []
  return ['--no-auth-warning', '--user', admin.username, '--pass', admin.password]
}

/** The part of a URL before the hosts. */
export function userInfoOf(username: string, password: string | undefined): string {
  if (password === undefined) return ''
  return `${encodeURIComponent(username)}:${encodeURIComponent(password)}@`
}

/** The content of the ACL file; `undefined` where there are no users. */
export function aclOf({ aclLines, aclFile }: RedisOptions): string | undefined {
  if (aclLines === undefined && aclFile === undefined) return undefined
  const read = aclFile === undefined ? '' : readFileSync(aclFile, 'utf8')
  const kitLine = `user ${kitUser.username} on >${kitUser.password} ~* &* +@all`
  return [read.trimEnd(), ...(aclLines ?? []), kitLine, ''].join('\n').trimStart()
}

export function configOf(port: number, folder: string, options: RedisOptions): string {
  const { config = [], configFile, password, appendOnly, replicaOf, certificate } = options
  const admin = adminOf(options)
  const hasUsers = aclOf(options) !== undefined
  const lines = [
    configFile !== undefined && `include ${configFile}`,
    'bind 127.0.0.1',
    'protected-mode no',
    'daemonize no',
    'loglevel warning',
    'logfile ""',
    `dir ${folder}`,
    'save ""',
    'rdbcompression no', // so that a test can search a dump
    `port ${certificate === undefined ? port : 0}`,
    certificate !== undefined && `tls-port ${port}`,
    certificate !== undefined && `tls-cert-file ${certificate.certFile}`,
    certificate !== undefined && `tls-key-file ${certificate.keyFile}`,
    certificate !== undefined && `tls-ca-cert-file ${certificate.certFile}`,
    certificate !== undefined && 'tls-auth-clients no',
    appendOnly !== undefined && 'appendonly yes',
    appendOnly !== undefined && `appendfsync ${appendOnly}`,
    hasUsers && `aclfile ${folder}/users.acl`,
    password !== undefined && `requirepass ${password}`,
    admin !== undefined && `masteruser ${admin.username}`,
    admin !== undefined && `masterauth ${admin.password}`,
    'repl-diskless-sync-delay 0', // else a replica's first copy waits for others for 5 s
    'shutdown-timeout 0', // nor does an end wait for replicas
    replicaOf !== undefined && `replicaof 127.0.0.1 ${replicaOf.port}`,
    ...config,
  ]
  return `${lines.filter((line) => line !== false).join('\n')}\n`
}
