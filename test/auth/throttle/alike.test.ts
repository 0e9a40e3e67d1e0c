/** Nothing of a slowed login tells whether there is such an account. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { memoryUserStore } from '../../../src/storage/memory/users.ts'
import type { UserStore } from '../../../src/storage/ports.ts'
import { correct } from '../../kit/auth-parts.ts'
import { exchange } from '../../kit/sockets.ts'
import { startThrottledAuth, throttleOn } from './throttled-auth.ts'

/** All calls to users and counters, by their names, in one row. */
async function startWatchedAuth(t: TestContext) {
  const calls: string[] = []
  const watched = <T extends object>(name: string, target: T): T =>
    new Proxy(target, {
      get(_, method) {
        const value: unknown = Reflect.get(target, method)
        if (typeof value !== 'function') return value
        return (...args: unknown[]): unknown => {
          calls.push(`${name}.${String(method)}`)
          return Reflect.apply(value, target, args)
        }
      },
    })
  const users: UserStore = watched('users', memoryUserStore())
  const capabilities = [throttleOn((right) => watched('counters', right))]
  const { url } = await startThrottledAuth(t, { users, capabilities })

  /** Answers with all that came back but the date. */
  async function logIn(username: string): Promise<{ bytes: string; calls: readonly string[] }> {
    const body = JSON.stringify({ username, password: 'wrong horse' })
    const head = [
      'POST /login HTTP/1.1',
      'Host: auth.test',
      'Connection: close',
      'X-Request-Id: 00000000-0000',
      'X-Forwarded-For: 192.0.2.1',
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
    ]
    calls.length = 0
    const received = await exchange(t, url, `${head.join('\r\n')}\r\n\r\n${body}`)
    return { bytes: received.replace(/^Date: .*\r\n/m, ''), calls: [...calls] }
  }

  return { logIn }
}

describe('a slowed login', () => {
  it('is the same, with the same calls, whether there is such an account', async (t) => {
    const { logIn } = await startWatchedAuth(t)

    for (let time = 0; time < 13; time++) {
      const known = await logIn(correct.username)
      const unknown = await logIn('nobody@example.com')

      assert.deepEqual(unknown, known)
      assert.match(known.bytes, time < 10 ? /^HTTP\/1.1 401 / : /^HTTP\/1.1 429 /)
      if (time >= 10) assert.deepEqual(known.calls, ['counters.begin'])
      else assert.equal(known.calls.at(-1), 'counters.fail')
    }
  })
})
