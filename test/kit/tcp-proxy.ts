/** A TCP proxy on a free port that counts what passes, and can hold it back, cut it off, and refuse. */
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import type { Lifetime } from './daemon.ts'
import { onFreePort } from './free-port.ts'

/** Looked at when somebody connects: it may be changed, and then only those who come later notice. */
export interface ProxyTarget {
  /** The loopback if not said. */
  readonly host?: string
  readonly port: number
}

/** What passed, over one connection or all. */
export interface Traffic {
  /** How often the target spoke after the client did: requests sent in one go count once, an answer in pieces too. */
  readonly roundTrips: number
  readonly bytesToTarget: number
  readonly bytesToClient: number
}

export interface TcpProxy {
  readonly port: number
  /** The URL with the proxy's address in place of the target's. */
  through(url: string): string
  /** How many are open. */
  connections(): number
  roundTrips(): number
  total(): Traffic
  /** Of each connection in the order in which they came, also of those that are closed. */
  perConnection(): readonly Traffic[]
  /** Counts from zero again, and forgets the connections that are closed. */
  reset(): void
  /** Holds back what comes from either side. Who connects is let in and held, too. */
  pause(): void
  resume(): void
  /** Destroys all connections. */
  cut(): void
  /** Nobody else can connect, until refusing ends. Connections that are open stay. */
  refuse(isRefusing: boolean): Promise<void>
}

interface Passage {
  readonly client: Socket
  readonly target: Socket
  isOpen: boolean
  isAsked: boolean
  traffic: { -readonly [K in keyof Traffic]: Traffic[K] }
}

export async function startProxy(t: Lifetime, target: ProxyTarget): Promise<TcpProxy> {
  let passages: Passage[] = []
  let isPaused = false
  let listener: Server | undefined

  function accept(client: Socket): void {
    const { host = '127.0.0.1', port } = target
    const passage: Passage = {
      client,
      target: connect({ host, port, allowHalfOpen: true, noDelay: true }),
      isOpen: true,
      isAsked: false,
      traffic: noTraffic(),
    }
    passages.push(passage)
    join(passage)
    if (!isPaused) open(passage)
  }

  async function listen(port: number): Promise<number> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, accept)
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    listener = server
    return port
  }

  function cut(): void {
    for (const { client, target } of passages) {
      client.destroy()
      target.destroy()
    }
  }

  const port = await onFreePort(listen)
  t.after(() => {
    listener?.close()
    cut()
  })
  const total = () => passages.map(({ traffic }) => traffic).reduce(sum, noTraffic())
  return {
    port,
    through(url) {
      const changed = new URL(url)
      changed.hostname = '127.0.0.1'
      changed.port = String(port)
      return changed.href
    },
    connections: () => passages.filter(({ isOpen }) => isOpen).length,
    roundTrips: () => total().roundTrips,
    total,
    perConnection: () => passages.map(({ traffic }) => ({ ...traffic })),
    reset() {
      passages = passages.filter(({ isOpen }) => isOpen)
      for (const passage of passages) passage.traffic = noTraffic()
    },
    pause() {
      isPaused = true
      passages.forEach(hold)
    },
    resume() {
      if (!isPaused) return
      isPaused = false
      passages.forEach(open)
    },
    cut,
    async refuse(isRefusing) {
      if (isRefusing) listener?.close()
      else if (listener?.listening === false) await listen(port)
    },
  }
}

/** Counts what passes, and lets neither end outlive the other. */
function join(passage: Passage): void {
  const { client, target } = passage
  client.on('data', (chunk: Buffer) => {
    passage.isAsked = true
    passage.traffic.bytesToTarget += chunk.length
  })
  target.on('data', (chunk: Buffer) => {
    if (passage.isAsked) passage.traffic.roundTrips++
    passage.isAsked = false
    passage.traffic.bytesToClient += chunk.length
  })
  hold(passage)
  for (const [end, other] of [
    [client, target],
    [target, client],
  ] as const) {
    end.on('error', () => other.destroy())
    // A good end is piped on, and the other side may then still have something to say.
    end.on('close', () => {
      passage.isOpen = false
    })
  }
}

function open({ client, target, isOpen }: Passage): void {
  if (!isOpen) return
  client.pipe(target)
  target.pipe(client)
}

function hold({ client, target }: Passage): void {
  client.unpipe(target).pause()
  target.unpipe(client).pause()
}

function noTraffic(): Passage['traffic'] {
  return { roundTrips: 0, bytesToTarget: 0, bytesToClient: 0 }
}

function sum(one: Traffic, other: Traffic): Passage['traffic'] {
  return {
    roundTrips: one.roundTrips + other.roundTrips,
    bytesToTarget: one.bytesToTarget + other.bytesToTarget,
    bytesToClient: one.bytesToClient + other.bytesToClient,
  }
}
