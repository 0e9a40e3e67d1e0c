/**
 * Load over keep-alive connections, by `wrk`. Where that is missing, by autocannon, whose figures mean less: latencies
 * are whole milliseconds, and its connections show the same tokens at the same time, so that lists shrink.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { besideCore, isInstalled, processorSeconds, runCommand, type Server } from './processes.ts'
import { pathOf } from './servers.ts'

export interface Request {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface Load {
  readonly server: Server
  /** Sent one after the other, and again from the first. */
  readonly requests: readonly Request[]
  readonly connections: number
  /** Whole. */
  readonly seconds: number
}

export interface LoadResult {
  readonly requests: number
  readonly seconds: number
  readonly failed: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
}

export interface Slice extends LoadResult {
  readonly perSecond: number
  /** What the server spent on each request. */
  readonly processorMicroseconds: number
  /** How much of one core the server used. Well below 1 at many connections, something else was the limit. */
  readonly busyShare: number
}

export const loader = isInstalled('wrk') ? 'wrk' : 'autocannon'

const folder = mkdtempSync(join(tmpdir(), 'sallyport-bench-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
let files = 0

/** Rejects where a request failed: an answer that refuses is fast and proves nothing. */
export async function measure(load: Load): Promise<Slice> {
  const { pid } = load.server
  const before = processorSeconds(pid)
  const result = await (loader === 'wrk' ? byWrk(load) : byAutocannon(load))
  const spent = processorSeconds(pid) - before
  if (result.failed > 0) throw new Error(`${result.failed} of ${result.requests} requests failed`)
  return {
    ...result,
    perSecond: result.requests / result.seconds,
    processorMicroseconds: (spent * 1e6) / result.requests,
    busyShare: spent / result.seconds,
  }
}

async function byWrk({ server, requests, connections, seconds }: Load): Promise<LoadResult> {
  const { host } = new URL(server.url)
  const file = write(requests.map((request) => onTheWire(request, host)).join('\x1e'))
  const options = ['--threads', '1', '--connections', String(connections), '--timeout', '5s']
  const script = ['--duration', `${seconds}s`, '--script', pathOf('load.lua'), server.url]
  const printed = await runCommand('wrk', [...options, ...script, '--', file], {
    core: besideCore,
    limitSeconds: seconds + 20,
  })
  const [, result] = /^result (.*)$/m.exec(printed) ?? []
  if (result === undefined) throw new Error(`wrk reported nothing: ${printed}`)
  return JSON.parse(result) as LoadResult // as load.lua writes it
}

function onTheWire({ method, path, headers, body }: Request, host: string): string {
  const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) }
  const lines = Object.entries({ Host: host, ...headers, ...length })
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return `${method} ${path} HTTP/1.1\r\n${head}\r\n${body ?? ''}`
}

interface AutocannonReport {
  readonly errors: number
  readonly timeouts: number
  readonly non2xx: number
  readonly duration: number
  readonly requests: { readonly total: number }
  readonly latency: { readonly p50: number; readonly p99: number }
}

async function byAutocannon({ server, requests, connections, seconds }: Load): Promise<LoadResult> {
  const entries = requests.map(({ method, path, headers = {}, body }) => ({
    request: {
      method,
      url: `${server.url}${path}`,
      headers: Object.entries(headers).map(([name, value]) => ({ name, value })),
      ...(body === undefined ? {} : { postData: { text: body } }),
    },
  }))
  const file = write(JSON.stringify({ log: { entries } }))
  const numbers = ['--connections', String(connections), '--duration', String(seconds)]
  const args = ['--yes', 'autocannon@8', '--json', ...numbers, '--har', file, server.url]
  const printed = await runCommand('npx', args, { core: besideCore, limitSeconds: seconds + 60 })
  const report = JSON.parse(printed) as AutocannonReport // as it documents it
  const { errors, timeouts, non2xx, latency, requests: sent, duration: took } = report
  const failed = errors + timeouts + non2xx
  return { requests: sent.total, seconds: took, failed, p50: latency.p50, p99: latency.p99 }
}

function write(content: string): string {
  const file = join(folder, `requests-${++files}`)
  writeFileSync(file, content)
  return file
}
