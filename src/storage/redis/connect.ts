/**
 * Connections by the driver. One to a single server ends at its first error, because `link.ts` makes the next one, and
 * asks the Sentinels again where there are some: the driver's own Sentinel client would repeat commands that may have
 * run. A Cluster's connections keep themselves.
 */
import { createClient, createCluster, type RedisClientOptions } from '@redis/client'
import slots from '@redis/client/dist/lib/utils/calculate-slot.js'
import type { Clock } from '../../clock.ts'
import type { Host, RedisUrl } from '../../store-url.ts'
import type { Connection } from './link.ts'

export interface ConnectOptions {
  readonly url: RedisUrl
  readonly clock: Clock
  readonly deadlineMilliseconds: number
}

/** More than a full list of every request that may wait. */
const maxQueuedCommands = 10_000

export function createConnect({ url, clock, deadlineMilliseconds }: ConnectOptions) {
  const { hosts, topology } = url
  let next = 0

  /** One after the other, so that one that hangs costs one try. */
  const nextHost = () => hosts[next++ % hosts.length] ?? hosts[0]

  async function connectWithin(open: (undo: (undoing: () => void) => void) => Promise<Connection>) {
    const undoings: (() => void)[] = []
    return await new Promise<Connection>((resolve, reject) => {
      const giveUp = (error: unknown) => {
        cancel()
        for (const undo of undoings) undo()
        reject(error)
      }
      const cancel = clock.after(deadlineMilliseconds, () =>
        giveUp(new Error('Redis took too long to connect')),
      )
      open((undo) => undoings.push(undo)).then((connection) => {
        cancel()
        resolve(connection)
      }, giveUp)
    })
  }

  return async (): Promise<Connection> =>
    await connectWithin(async (undo) => {
      if (topology === 'cluster') return await connectToCluster(url, undo)
      const host = topology === 'sentinel' ? await findMaster(url, nextHost(), undo) : nextHost()
      return await connectToServer(url, host, undo)
    })
}

type Undo = (undoing: () => void) => void

const common = {
  RESP: 2,
  disableOfflineQueue: true,
  commandsQueueMaxLength: maxQueuedCommands,
  disableClientInfo: true,
  maintNotifications: 'disabled',
} as const

function credentialsOf({ username, password }: RedisUrl) {
  return {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  }
}

function openClient(options: RedisClientOptions, { host, port }: Host, isSecure: boolean) {
  const socket = { host, port, reconnectStrategy: false } as const
  return createClient({
    ...common,
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

const reconnectMilliseconds = 200

async function connectToCluster(url: RedisUrl, undo: Undo): Promise<Connection> {
  const socket = { reconnectStrategy: reconnectMilliseconds, connectTimeout: 1_000 }
  const cluster = createCluster({
    RESP: 2,
    rootNodes: url.hosts.map((host) => ({ socket: { ...host } })),
    defaults: {
      ...common,
      ...credentialsOf(url),
      socket: url.isSecure ? { ...socket, tls: true } : socket,
    },
  })
  cluster.on('error', () => {}) // its nodes come back by themselves, or calls reject
  undo(() => cluster.destroy())
  await cluster.connect()
  let end = () => {}
  const lost = new Promise<void>((resolve) => {
    end = resolve
  })
  return {
    send: (key, command) => cluster.sendCommand(key, false, command as string[]),
    // The driver would ask all masters, and wait for replicas of those that were not written to.
    waitForReplicas: async (key, replicas, milliseconds) => {
      const shard = cluster.slots[slots.default(key)]
      if (shard === undefined) throw new Error('no node has this slot')
      const node = await cluster.nodeClient(shard.master)
      return Number(await node.sendCommand(['WAIT', String(replicas), String(milliseconds)]))
    },
    lost,
    isOneSocket: false,
    destroy() {
      cluster.destroy()
      end()
    },
  }
}
