/**
 * Connections by the driver. One to a single server ends at its first error, because `link.ts` makes the next one, and
 * asks the Sentinels again where there are some: the driver's own Sentinel client would repeat commands that may have
 * run. Those to a Cluster stand in `cluster.ts`.
 */
import { createClient, ErrorReply, type RedisClientOptions } from '@redis/client'
import type { Clock } from '../../clock.ts'
import type { Host, RedisUrl } from '../../store-url.ts'
import { connectToCluster } from './cluster.ts'
import { credentialsOf, driverOptions } from './driver-options.ts'
import type { Connection } from './link.ts'

export interface ConnectOptions {
  readonly url: RedisUrl
  readonly clock: Clock
  readonly deadlineMilliseconds: number
}

export function createConnect({ url, clock, deadlineMilliseconds }: ConnectOptions) {
  const { hosts, topology } = url
  let next = 0

  /** One after the other, so that one that hangs costs one try. */
  const nextHost = () => hosts[next++ % hosts.length] ?? hosts[0]

  /** What has not ended by then is undone, and what comes of it all the same. */
  async function connectWithin(open: (undo: Undo) => Promise<Connection>): Promise<Connection> {
    const undoings: (() => void)[] = []
    let isOver = false
    return await new Promise<Connection>((resolve, reject) => {
      const giveUp = (error: unknown) => {
        isOver = true
        cancel()
        for (const undo of undoings) undo()
        reject(withoutArguments(error))
      }
      const cancel = clock.after(deadlineMilliseconds, () =>
        giveUp(new Error('Redis took too long to connect')),
      )
      open((undo) => undoings.push(undo)).then((connection) => {
        cancel()
        if (isOver) connection.destroy()
        else resolve(connection)
      }, giveUp)
    })
  }

  return async (): Promise<Connection> =>
    await connectWithin(async (undo) => {
      if (topology === 'cluster')
        return await connectToCluster({
          url,
          clock,
          connectTimeoutMilliseconds: deadlineMilliseconds,
          undo,
        })
      const host = topology === 'sentinel' ? await findMaster(url, nextHost(), undo) : nextHost()
      return await connectToServer(url, host, undo)
    })
}

/** Who does not know a command repeats what came with it: to connect, that is the password. */
function withoutArguments(error: unknown): unknown {
  if (!(error instanceof ErrorReply) || !error.message.includes('with args')) return error
  return new Error('Redis does not know a command that it takes to connect')
}

type Undo = (undoing: () => void) => void

function openClient(options: RedisClientOptions, { host, port }: Host, isSecure: boolean) {
  const socket = { host, port, reconnectStrategy: false } as const
  return createClient({
    ...driverOptions,
    ...options,
    socket: isSecure ? { ...socket, tls: true } : socket,
  })
}

/** Asks one Sentinel. It is trusted with nothing but the answer: the master is asked for its role. */
async function findMaster(url: RedisUrl, sentinel: Host, undo: Undo): Promise<Host> {
  const client = openClient({}, sentinel, url.isSecure)
  client.on('error', () => {}) // the command below rejects too
  undo(() => client.destroy())
  await client.connect()
  try {
    const command = ['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', url.masterName]
    const [host, port] = ((await client.sendCommand(command)) as [string, string] | null) ?? []
    if (host === undefined) throw new Error('the Sentinel knows no master of that name')
    return { host, port: Number(port) }
  } finally {
    client.destroy()
  }
}

async function connectToServer(url: RedisUrl, host: Host, undo: Undo): Promise<Connection> {
  const { database, isSecure, topology } = url
  const client = openClient({ ...credentialsOf(url), database }, host, isSecure)
  let end = () => {}
  const lost = new Promise<void>((resolve) => {
    end = resolve
  })
  client.on('error', () => end())
  client.on('end', () => end())
  undo(() => client.destroy())
  await client.connect()
  if (topology === 'sentinel') {
    const [role] = (await client.sendCommand(['ROLE'])) as string[]
    if (role !== 'master') throw new Error('the Sentinel named a server that is not the master')
  }
  return {
    send: (_key, command) => client.sendCommand(command as string[]), // it is only read
    waitForReplicas: async (_key, replicas, milliseconds) =>
      Number(await client.sendCommand(['WAIT', String(replicas), String(milliseconds)])),
    lost,
    isOneSocket: true,
    destroy() {
      client.destroy()
      end()
    },
  }
}
