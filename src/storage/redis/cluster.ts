/**
 * Connections to a Cluster by the driver, which follows the slots as they move. The nodes are connected to one by one:
 * one that is down, or does not answer, keeps nobody from the others.
 */
import { ClientOfflineError, createCluster } from '@redis/client'
import slots from '@redis/client/dist/lib/utils/calculate-slot.js'
import type { Clock } from '../../clock.ts'
import type { RedisUrl } from '../../store-url.ts'
import { credentialsOf, driverOptions } from './driver-options.ts'
import type { Connection } from './link.ts'

export interface ClusterOptions {
  readonly url: RedisUrl
  readonly clock: Clock
  readonly connectTimeoutMilliseconds: number
  /** Takes what ends it all, whatever has been reached by then. */
  readonly undo: (undoing: () => void) => void
}

const reconnectMilliseconds = 200
/** How long the first calls wait for nodes that are slow. */
const reachMilliseconds = 200

export async function connectToCluster({
  url,
  clock,
  connectTimeoutMilliseconds,
  undo,
}: ClusterOptions): Promise<Connection> {
  const { hosts, isSecure } = url
  const socket = {
    reconnectStrategy: reconnectMilliseconds,
    connectTimeout: connectTimeoutMilliseconds,
  }
  const cluster = createCluster({
    RESP: driverOptions.RESP,
    commandOptions: driverOptions.commandOptions,
    minimizeConnections: true, // else it waits for all nodes, also those that are down
    // Who is asked for the slots and does not answer is let go.
    rootNodes: hosts.map((host) => ({
      socket: { ...host, socketTimeout: connectTimeoutMilliseconds },
    })),
    defaults: {
      ...driverOptions,
      ...credentialsOf(url),
      socket: isSecure ? { ...socket, tls: true } : socket,
    },
  })
  cluster.on('error', () => {}) // its nodes come back by themselves, or calls reject
  undo(() => cluster.destroy())
  await cluster.connect()
  const reached = Promise.allSettled(cluster.masters.map((node) => cluster.nodeClient(node)))
  await Promise.race([reached, passing(clock, reachMilliseconds)])
  let end = () => {}
  const lost = new Promise<void>((resolve) => {
    end = resolve
  })

  /** Of the node that has the key. Never waits for a connection: the command could be sent after its deadline. */
  function clientFor(key: string) {
    const node = cluster.slots[slots.default(key)]?.master
    if (node?.client?.isReady === true) return node.client
    if (node !== undefined) cluster.nodeClient(node).catch(() => {}) // for those who come later
    throw new ClientOfflineError()
  }

  return {
    async send(key, command, end) {
      clientFor(key)
      return await cluster.sendCommand(key, false, command as string[], { abortSignal: end.signal })
    },
    // The driver would ask all masters, and wait for replicas of those that were not written to.
    async waitForReplicas(key, replicas, milliseconds) {
      const command = ['WAIT', String(replicas), String(milliseconds)]
      return Number(await clientFor(key).sendCommand(command))
    },
    lost,
    isOneSocket: false,
    destroy() {
      cluster.destroy()
      end()
    },
  }
}

function passing(clock: Clock, milliseconds: number): Promise<void> {
  return new Promise((resolve) => clock.after(milliseconds, resolve))
}
