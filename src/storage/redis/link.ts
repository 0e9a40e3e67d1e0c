/**
 * Keeps one connection to Redis, for ever, and says what a lost or refused call means.
 *
 * The driver cannot take back a command that it has sent, so every call has a deadline here, and a connection on which
 * one passed is given up: it may be dead without knowing. A call is made once more, on the next connection, where Redis
 * provably did not run it, or where to run it twice is to run it once. A deadline that passed is neither.
 */
import type { Clock } from '../../clock.ts'
import { unavailable } from '../../http/refusal.ts'
import { describeError, type Log } from '../../log.ts'
import { failureOf } from './failures.ts'

/** What we use of a driver's connection. */
export interface Connection {
  /** `key` says to which node of a Cluster. */
  send(key: string, command: readonly string[]): Promise<unknown>
  /** How many replicas of that node have all that this connection wrote, by then or after `milliseconds`. */
  waitForReplicas(key: string, replicas: number, milliseconds: number): Promise<number>
  /** Resolves when it cannot be used any more. */
  readonly lost: Promise<void>
  /** Whether it is to be given up when a call on it fails. Not where there are nodes that still answer. */
  readonly isOneSocket: boolean
  destroy(): void
}

export interface Link {
  /** Rejects with a 503 where `work` was not done in time. */
  use<T>(work: (connection: Connection) => Promise<T>, isRepeatable: boolean): Promise<T>
  close(): void
}

export interface LinkDependencies {
  /** Rejects where there is no connection to be had. It has a deadline of its own. */
  readonly connect: () => Promise<Connection>
  readonly clock: Clock
  readonly log: Log
  readonly deadlineMilliseconds: number
}

/** Between two tries to connect. In milliseconds. */
const pauses = { least: 20, most: 1_000 }
/** Before a call is made once more over a connection that heals by itself. */
const healingMilliseconds = 250

export function createLink({ connect, clock, log, deadlineMilliseconds }: LinkDependencies): Link {
  let current: Connection | undefined
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
        begin(connection, failures)
        await connection.lost
        drop(connection)
        if (isClosed) return
        log.warn('the connection to Redis was lost')
        // One that was lost at once is a failure like one that was never had.
        if (clock.now() - connectedAt > pauses.most) failures = 0
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
    if (failures > 0) log.info('Redis can be reached again')
    current = connection
    const woken = [...waiting]
    waiting.clear()
    for (const use of woken) use.start(connection)
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
    if (current === undefined) waiting.add(use)
    else use.start(current)
  }

  return {
    use: (work, isRepeatable) =>
      new Promise((resolve, reject) => {
        let isOver = false
        let triesLeft = 2
        let inUse: Connection | undefined
        const cancelDeadline = clock.after(deadlineMilliseconds, () => {
          isOver = true
          waiting.delete(use)
          if (inUse?.isOneSocket === true) drop(inUse)
          reject(unavailable('The token store did not answer in time.'))
        })
        const use: Use = {
          start(connection) {
            if (isOver) return
            triesLeft--
            inUse = connection
            work(connection).then(
              (value) => {
                cancelDeadline()
                resolve(value)
              },
              (error: unknown) => fail(connection, error),
            )
          },
        }
        startWhenConnected(use)

        function fail(connection: Connection, cause: unknown): void {
          if (isOver) return
          inUse = undefined
          const failure = failureOf(cause)
          const mayTryAgain = failure !== 'answered' && (failure !== 'lost' || isRepeatable)
          if (failure !== 'answered' && connection.isOneSocket) drop(connection)
          if (triesLeft > 0 && mayTryAgain) {
            if (connection.isOneSocket) startWhenConnected(use)
            else clock.after(healingMilliseconds, () => startWhenConnected(use))
            return
          }
          cancelDeadline()
          reject(unavailable('The token store cannot do this now.', { cause }))
        }
      }),

    close() {
      isClosed = true
      stopPause()
      if (current !== undefined) drop(current)
    },
  }
}

interface Use {
  start(connection: Connection): void
}
