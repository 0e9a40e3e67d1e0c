/** What the URL of a store says: which adapter, and where. Nothing is connected here. */

export interface Host {
  readonly host: string
  readonly port: number
}

export interface MemoryUrl {
  readonly kind: 'memory'
}

export interface RedisUrl {
  readonly kind: 'redis'
  /** One server, the nodes of a Cluster, or the Sentinels that know where the master is. */
  readonly topology: 'single' | 'cluster' | 'sentinel'
  readonly isSecure: boolean
  readonly hosts: readonly [Host, ...Host[]]
  readonly username: string | undefined
  readonly password: string | undefined
  readonly database: number
  /** What the Sentinels call the master. Empty elsewhere. */
  readonly masterName: string
}

export interface PostgresUrl {
  readonly kind: 'postgres'
  /** For the driver, which knows more parameters than we do. */
  readonly url: string
}

export type StoreUrl = MemoryUrl | RedisUrl | PostgresUrl

/** `undefined` where the text is no URL of a store that we know. */
export function parseStoreUrl(text: string): StoreUrl | undefined {
  if (text === 'memory:') return { kind: 'memory' }
  if (/^postgres(ql)?:\/\//.test(text)) return parsePostgresUrl(text)
  return parseRedisUrl(text)
}

function parsePostgresUrl(url: string): PostgresUrl | undefined {
  if (!URL.canParse(url)) return undefined
  const { hostname, pathname, username, password } = new URL(url)
  const isWhole = hostname !== '' && pathname.length > 1
  const isDecodable = [username, password, pathname].every((part) => decode(part) !== null)
  return isWhole && isDecodable ? { kind: 'postgres', url } : undefined
}

/** `URL` knows no lists of hosts, so this is ours. */
const redisPattern =
  /^redis(?<secure>s?)(?<sentinel>\+sentinel)?:\/\/(?:(?<username>[^:@/]*)(?::(?<password>[^@/]*))?@)?(?<hosts>[^@/?#]+)(?:\/(?<path>[^/?#]*))?$/
const defaultPorts = { redis: 6379, sentinel: 26_379 }

function parseRedisUrl(text: string): RedisUrl | undefined {
  const parts = redisPattern.exec(text)?.groups
  if (parts === undefined) return undefined
  const { secure, sentinel, username, password, path = '' } = parts
  const isSentinel = sentinel !== undefined
  const defaultPort = isSentinel ? defaultPorts.sentinel : defaultPorts.redis
  const hosts = (parts.hosts ?? '').split(',').map((one) => parseHost(one, defaultPort))
  const [first, ...others] = hosts.filter((host) => host !== undefined)
  if (first === undefined || others.length + 1 < hosts.length) return undefined
  const topology = isSentinel ? 'sentinel' : others.length > 0 ? 'cluster' : 'single'
  const pathPattern = { single: /^\d{0,4}$/, cluster: /^0?$/, sentinel: /^[\w.-]+$/ }[topology]
  const credentials = [username, password].map(decode)
  if (!pathPattern.test(path) || credentials.includes(null)) return undefined
  return {
    kind: 'redis',
    topology,
    isSecure: secure === 's',
    hosts: [first, ...others],
    username: credentials[0] ?? undefined,
    password: credentials[1] ?? undefined,
    database: isSentinel ? 0 : Number(path),
    masterName: isSentinel ? path : '',
  }
}

function parseHost(text: string, defaultPort: number): Host | undefined {
  const parts = /^(?<host>[\w.-]+|\[[\da-f:.]+\])(?::(?<port>\d{1,5}))?$/i.exec(text)?.groups
  const port = Number(parts?.port ?? defaultPort)
  if (parts?.host === undefined || port < 1 || port > 65_535) return undefined
  return { host: parts.host.replace(/^\[|\]$/g, ''), port }
}

/** `null` for a bad escape. Empty is as good as not there. */
function decode(text: string | undefined): string | undefined | null {
  try {
    return text === undefined || text === '' ? undefined : decodeURIComponent(text)
  } catch {
    return null
  }
}
