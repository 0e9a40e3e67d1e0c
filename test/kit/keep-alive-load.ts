/**
 * A bounded load over kept-alive connections that counts how each request ended. Written on bare sockets, because the
 * clients that retry by themselves would hide the very failures that are looked for.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

export interface LoadOptions {
  readonly url: string
  /** The bytes of the one request that is sent again and again. */
  readonly request: string
  readonly connections: number
}

export interface LoadOutcomes {
  /** How many whole answers came, by status. */
  readonly statuses: ReadonlyMap<number, number>
  /** How many of them carried `Connection: close`. */
  readonly askedToClose: number
  /** How many connections could not be opened any more. Each ends its worker. */
  readonly refused: number
  /** Why a request on an open connection got no whole answer: must stay empty. */
  readonly cut: readonly string[]
  readonly slowestMilliseconds: number
}

export interface Load {
  outcomes(): LoadOutcomes
  /** Finishes the requests under way. */
  stop(): Promise<LoadOutcomes>
}

const pauseMilliseconds = 1
const patienceMilliseconds = 5_000

export function startLoad({ url, request, connections }: LoadOptions): Load {
  const statuses = new Map<number, number>()
  const cut: string[] = []
  let askedToClose = 0
  let refused = 0
  let slowestMilliseconds = 0
  let isStopped = false

  async function work(): Promise<void> {
    while (!isStopped) {
      const socket = await open(url)
      if (socket === undefined) {
        refused++
        return
      }
      await useUp(socket)
      socket.destroy()
    }
  }

  /** Asks over one connection until it is to be closed. */
  async function useUp(socket: Socket): Promise<void> {
    for (let asked = 0; !isStopped; asked++) {
      const startedAt = Date.now()
      const { text, isWhole } = await ask(socket, request)
      slowestMilliseconds = Math.max(slowestMilliseconds, Date.now() - startedAt)
      if (!isWhole) {
        cut.push(`after ${asked} answers on its connection: ${JSON.stringify(text)}`)
        return
      }
      const status = Number(text.slice(9, 12))
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      if (/\r\nconnection: close\r\n/i.test(text)) {
        askedToClose++
        return
      }
      await pause(pauseMilliseconds)
    }
  }

  const workers = Array.from({ length: connections }, work)
  const outcomes = () => ({ statuses, askedToClose, refused, cut, slowestMilliseconds })
  return {
    outcomes,
    async stop() {
      isStopped = true
      await Promise.all(workers)
      return outcomes()
    },
  }
}

async function open(url: string): Promise<Socket | undefined> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  try {
    await once(socket, 'connect')
  } catch {
    return undefined
  }
  return socket.on('error', () => {}) // what it means is seen by who reads
}

/** One request and what came back for it, up to the end of the answer or of the connection. */
function ask(socket: Socket, request: string): Promise<{ text: string; isWhole: boolean }> {
  return new Promise((resolve) => {
    let text = ''
    const settle = () => {
      clearTimeout(deadline)
      socket.off('data', gather).off('close', settle)
      resolve({ text, isWhole: isWholeAnswer(text) })
    }
    const gather = (chunk: Buffer) => {
      text += chunk.toString('latin1')
      if (isWholeAnswer(text)) settle()
    }
    const deadline = setTimeout(settle, patienceMilliseconds)
    socket.on('data', gather).on('close', settle)
    if (socket.closed) settle()
    else socket.write(request)
  })
}

/** All answers of our servers that have a body say how long it is. */
function isWholeAnswer(text: string): boolean {
  const endOfHead = text.indexOf('\r\n\r\n')
  if (endOfHead === -1) return false
  const [, length = '0'] = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, endOfHead)) ?? []
  return text.length === endOfHead + '\r\n\r\n'.length + Number(length)
}
