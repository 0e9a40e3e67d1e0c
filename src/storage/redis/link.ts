/**
 * Keeps one connection to Redis, for ever, and says what a lost or refused call means.
 *
 * The driver cannot take back a command that it has sent, so every call has a deadline here, and a connection on which
 * one passed is given up: it may be dead without knowing. A call is made once more, on the next connection, where Redis
 * provably did not run it, or where to run it twice is to run it once. A deadline that passed is neither.
 *
 * To give up one socket is to cut it. A Cluster has nodes that still answer: its connections go on until there are
 * others, which begin by asking again which node has which keys.
 */
import type { Clock } from '../../clock.ts'
import { unavailable } from '../../http/refusal.ts'
import { describeError, type Log } from '../../log.ts'
import { Ending } from './ending.ts'
import { failureOf } from './failures.ts'

/** What we use of a driver's connection. */
export interface Connection {
  /** `key` says to which node of a Cluster. What is not sent when the end has come is never sent. */
  send(key: string, command: readonly string[], end: Ending): Promise<unknown>
  /** How many replicas of that node have all that this connection wrote, by then or after `milliseconds`. */
  waitForReplicas(key: string, replicas: number, milliseconds: number): Promise<number>
  /** Resolves when it cannot be used any more. */
  readonly lost: Promise<void>
  /** Whether it is one socket: then a call that got no answer says that it is dead. */
  readonly isOneSocket: boolean
  destroy(): void
}

export interface Link {
  /** Rejects with a 503 where `work` was not done in time; its end has then come. */
  use<T>(work: Work<T>, isRepeatable: boolean): Promise<T>
  /** Rejects whatever waits, and all later uses. */
  close(): void
}

export type Work<T> = (connection: Connection, end: Ending) => Promise<T>

export interface LinkDependencies {
  /** Rejects where there is no connection to be had. It has a deadline of its own. */
  readonly connect: () => Promise<Connection>
  readonly clock: Clock
  readonly log: Log
  readonly deadlineMilliseconds: number
}

/** Between two tries to connect. In milliseconds. */
const pauses = { least: 20, most: 1_000 }
/** Before a call is made once more over a Cluster, so that it finds another node or the same one healed. */
const healingMilliseconds = 250
/** How many may wait for a connection. */
const maxWaiting = 10_000

export function createLink({ connect, clock, log, deadlineMilliseconds }: LinkDependencies): Link {
  let current: Connection | undefined
  let endCurrent = () => {}
  /** Who wants a connection and has none. */
  const waiting = new Set<Use>()
  let isClosed = false
  let stopPause = () => {}
  void keepConnected()

  async function keepConnected(): Promise<void> {
    for (let failures = 0; !isClosed; failures++) {
      try {
        const connection = await connect()
        const connectedAt = clock.now()
        const givenUp = new Promise<void>((resolve) => {
          endCurrent = resolve
        })
        begin(connection, failures)
        await Promise.race([connection.lost, givenUp])
        if (connection.isOneSocket) drop(connection)
        if (isClosed) return
        // One that was lost at once is a failure like one that was never had.
        if (clock.now() - connectedAt > pauses.most) failures = 0
        if (failures === 0) log.warn('the connection to Redis was lost')
      } catch (error) {
        if (failures === 0) log.warn('Redis cannot be reached', { error: describeError(error) })
      }
      if (failures > 0) await pause(Math.min(pauses.least * 2 ** failures, pauses.most))
    }
  }

  function begin(connection: Connection, failures: number): void {
    if (isClosed) {
      connection.destroy()
      return
    }
    if (failures > 0) log.info('connected to Redis again')
    const old = current
    current = connection
    // Calls on the old one have until their deadline.
    if (old !== undefined) clock.after(deadlineMilliseconds, () => old.destroy())
    const woken = [...waiting]
    waiting.clear()
    for (const use of woken) use.start(connection)
  }

  function giveUp(connection: Connection): void {
    if (connection.isOneSocket) drop(connection)
    else if (current === connection) endCurrent()
  }

  function drop(connection: Connection): void {
    if (current === connection) current = undefined
    connection.destroy()
  }

  function pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = clock.after(milliseconds, resolve)
      stopPause = () => {
        cancel()
        resolve()
      }
    })
  }

  /** Starts it now or with the next connection. */
  function startWhenConnected(use: Use): void {
    if (isClosed) use.refuse('The token store is closed.')
    else if (current !== undefined) use.start(current)
    else if (waiting.size < maxWaiting) waiting.add(use)
    else use.refuse('Too many are waiting for the token store.')
  }

  return {
    use: (work, isRepeatable) =>
      new Promise((resolve, reject) => {
        const over = new Ending()
        let triesLeft = 2
        let inUse: Connection | undefined
        const use: Use = {
          start(connection) {
            if (over.isThere) return
            triesLeft--
            inUse = connection
            work(connection, over).then(
              (value) => {
                cancelDeadline()
                resolve(value)
              },
              (error: unknown) => fail(connection, error),
            )
          },
          refuse(description, cause) {
            cancelDeadline()
            waiting.delete(use)
            over.come()
            reject(unavailable(description, { cause }))
          },
        }
        const cancelDeadline = clock.after(deadlineMilliseconds, () => {
          use.refuse('The token store did not answer in time.')
          if (inUse !== undefined) giveUp(inUse)
        })
        startWhenConnected(use)

        function fail(connection: Connection, cause: unknown): void {
          if (over.isThere) return
          inUse = undefined
          const failure = failureOf(cause)
          if (failure !== 'answered') giveUp(connection)
          const mayTryAgain = failure !== 'answered' && (failure !== 'lost' || isRepeatable)
          if (triesLeft === 0 || !mayTryAgain)
            use.refuse('The token store cannot do this now.', cause)
          else if (connection.isOneSocket) startWhenConnected(use)
          else clock.after(healingMilliseconds, () => startWhenConnected(use))
        }
      }),

    close() {
      isClosed = true
      stopPause()
      for (const use of waiting) use.refuse('The token store is closed.')
      if (current !== undefined) drop(current)
    },
  }
}

interface Use {
  start(connection: Connection): void
  refuse(description: string, cause?: unknown): void
}
