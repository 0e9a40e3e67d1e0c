/**
 * Several auths that share their stores are one auth to business: calls go to each in turn.
 *
 * One that refuses, resets, is too slow or answers 503 gets no more calls, from that instant, until it says that it is
 * ready: it is asked each second. Where none is known to live, calls go to the next in turn all the same, so that the
 * first that can answer does. The calls of a dead one are repeated by whoever made them, where they may be.
 *
 * Rejected: health checks alone, which learn of a death a second late; a balancer between the servers, which hides from
 * business whether a call was sent; and asking two at once, which doubles the work of every auth.
 */
import { describeError, type Log } from '../log.ts'
import {
  type AuthAnswer,
  type AuthConnection,
  type AuthConnectionOptions,
  AuthUnreachable,
  connectToAuth,
} from './auth-connection.ts'

export interface AuthAddressesOptions
  extends Omit<AuthConnectionOptions, 'url' | 'waitMilliseconds'> {
  readonly urls: readonly [string, ...string[]]
  readonly log: Log
}

export type ConnectOptions = Pick<AuthConnectionOptions, 'waitMilliseconds'>

export interface AuthAddresses {
  /** A connection to all of them. Connections share what is known of who lives. */
  connect(options?: ConnectOptions): AuthConnection
  /** Asks after the dead no more. */
  stop(): void
}

export function createAuthAddresses({ urls, ...options }: AuthAddressesOptions): AuthAddresses {
  const addresses = urls.map((url) => new Address({ ...options, url }))
  return {
    connect(options) {
      const channels = addresses.map((address) => ({
        address,
        connection: address.connect(options),
      }))
      const [only, ...others] = channels
      return only !== undefined && others.length === 0 ? only.connection : spread(channels)
    },
    stop() {
      for (const address of addresses) address.stop()
    },
  }
}

interface Channel {
  readonly address: Address
  readonly connection: AuthConnection
}

function spread(channels: readonly Channel[]): AuthConnection {
  let turn = 0
  let isClosed = false

  /** The next that lives; where none does, the next. */
  function next(): Channel {
    const inOrder = channels.map((_, step) => (turn + step) % channels.length)
    const chosen = inOrder.find((index) => channels[index]?.address.isAlive) ?? turn
    turn = (chosen + 1) % channels.length
    return channels[chosen] as Channel // a remainder is a place among them
  }

  function judge({ address }: Channel, answer: AuthAnswer): AuthAnswer {
    if (answer.status !== 503) {
      address.takeBack()
      return answer
    }
    address.drop('it answered 503')
    if (!channels.some((one) => one.address.isAlive)) return answer
    throw new AuthUnreachable('one auth of several answered 503', { mayRepeat: true })
  }

  function call(by: (connection: AuthConnection) => Promise<AuthAnswer>): Promise<AuthAnswer> {
    const channel = next()
    return by(channel.connection).then(
      (answer) => judge(channel, answer),
      (error: unknown) => {
        if (!isClosed) channel.address.drop(describeError(error))
        throw error
      },
    )
  }

  return {
    post: (request) => call((connection) => connection.post(request)),
    get: (path, headers) => call((connection) => connection.get(path, headers)),
    async close() {
      isClosed = true
      await Promise.all(channels.map(({ connection }) => connection.close()))
    },
  }
}

const askAgainMilliseconds = 1_000

/** One auth: whether it is known to live. */
class Address {
  isAlive = true
  #isStopped = false
  #stopAsking = () => {}
  readonly #options: AuthConnectionOptions & { readonly log: Log }

  constructor(options: AuthConnectionOptions & { readonly log: Log }) {
    this.#options = options
  }

  connect(options: ConnectOptions = {}) {
    return connectToAuth({ ...this.#options, ...options })
  }

  drop(reason: string): void {
    if (!this.isAlive || this.#isStopped) return
    this.isAlive = false
    const { url, log, clock } = this.#options
    log.warn('an auth gets no more calls', { url, reason })
    const connection = this.connect() // of its own: no call waits behind a question that hangs
    let isAsking = false
    const stop = clock.every(askAgainMilliseconds, () => {
      if (isAsking) return
      isAsking = true
      void connection.isReady().then((isReady) => {
        isAsking = false
        if (isReady) this.takeBack()
      })
    })
    this.#stopAsking = () => {
      stop()
      void connection.close()
    }
  }

  /** It has answered. */
  takeBack(): void {
    if (this.isAlive) return
    this.isAlive = true
    this.#stopAsking()
    const { url, log } = this.#options
    log.info('an auth gets calls again', { url })
  }

  stop(): void {
    this.#isStopped = true
    this.#stopAsking()
  }
}
