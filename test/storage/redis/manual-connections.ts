/** A link whose connections, answers and clock are the test's. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { DisconnectsClientError } from '@redis/client'
import { type Connection, createLink, type Link } from '../../../src/storage/redis/link.ts'
import { settle } from '../../kit/cleanup.ts'
import { manualClock } from '../../kit/clock.ts'
import { recordedLog } from '../../kit/log.ts'

export const deadlineMilliseconds = 800

interface Sent {
  readonly command: readonly string[]
  readonly signal: AbortSignal | undefined
  answer(value: unknown): Promise<void>
  fail(error: Error): Promise<void>
}

export interface ManualConnection extends Connection {
  /** Everything that was sent over it. */
  readonly sent: readonly Sent[]
  sentAt(index: number): Sent
  isDestroyed(): boolean
  /** The other side is gone: what is under way fails, as it does with the driver. */
  lose(error?: Error): Promise<void>
}

export function manualConnection({ isOneSocket = true } = {}): ManualConnection {
  const sent: (Sent & { readonly reject: (error: Error) => void })[] = []
  let isDestroyed = false
  let end = () => {}
  const lost = new Promise<void>((resolve) => {
    end = resolve
  })

  function send(command: readonly string[], signal?: AbortSignal): Promise<unknown> {
    return new Promise((resolve, reject) => {
      sent.push({
        command,
        signal,
        reject,
        answer: async (value) => {
          resolve(value)
          await settle()
        },
        fail: async (error) => {
          reject(error)
          await settle()
        },
      })
    })
  }

  function endWith(error: Error): void {
    for (const { reject } of sent) reject(error)
    end()
  }

  return {
    sent,
    sentAt(index) {
      const one = sent[index]
      assert.ok(one !== undefined, `${index + 1} commands were not sent`)
      return one
    },
    isDestroyed: () => isDestroyed,
    async lose(error = new Error('read ECONNRESET')) {
      endWith(error)
      await settle()
    },
    send: (_key, command, { signal }) => send(command, signal),
    waitForReplicas: async (_key, replicas, milliseconds) =>
      Number(await send(['WAIT', String(replicas), String(milliseconds)])),
    lost,
    isOneSocket,
    destroy() {
      isDestroyed = true
      endWith(new DisconnectsClientError())
    },
  }
}

export function manualLink(t: TestContext, { isOneSocket = true } = {}) {
  const clock = manualClock()
  const log = recordedLog()
  const tries: { resolve(one: Connection): void; reject(error: Error): void }[] = []
  const connect = () =>
    new Promise<Connection>((resolve, reject) => void tries.push({ resolve, reject }))
  const link = createLink({ connect, clock, log, deadlineMilliseconds })
  t.after(() => link.close())

  function lastTry() {
    const last = tries.at(-1)
    assert.ok(last !== undefined, 'nobody has tried to connect')
    return last
  }

  return {
    link,
    log,
    /** How often it has tried to connect. */
    tries: () => tries.length,
    pass: async (milliseconds: number) => {
      clock.advance(milliseconds)
      await settle()
    },
    /** Lets the last try succeed. */
    open: async (): Promise<ManualConnection> => {
      const connection = manualConnection({ isOneSocket })
      lastTry().resolve(connection)
      await settle()
      return connection
    },
    refuse: async (): Promise<void> => {
      lastTry().reject(new Error('connect ECONNREFUSED'))
      await settle()
    },
  }
}

/** A call that may run twice. */
export const peek = (link: Link) => use(link, 'peek', true)
/** A call that may not. */
export const take = (link: Link) => use(link, 'take', false)

function use(link: Link, name: string, isRepeatable: boolean): Promise<unknown> {
  const answer = link.use((connection, end) => connection.send('key', [name], end), isRepeatable)
  answer.catch(() => {}) // the test may look at it later
  return answer
}
