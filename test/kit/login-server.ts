/** A login for hostile clients, and what must still be true when they have gone. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { memoryTokenStore } from '../../src/storage/memory/tokens.ts'
import { logIn, startTestAuth } from './servers.ts'
import { exchange } from './sockets.ts'

/** Right, so that a request which is let through by mistake is let in. */
export const rightLogin = { username: 'user@example.com', password: 'correct horse' }
export const rightJson = JSON.stringify(rightLogin)
export const jsonType = { 'content-type': 'application/json' }
export const formType = { 'content-type': 'application/x-www-form-urlencoded' }

export async function startLoginServer(t: TestContext) {
  const tokens = memoryTokenStore({ now: Date.now, maxTokens: 10_000, reservedPlaces: 1_000 })
  const { url, log } = await startTestAuth(t, { tokens })
  return {
    url,
    log,
    post: (headers: Readonly<Record<string, string>>, body: string | Buffer) =>
      fetch(`${url}/login`, { method: 'POST', headers: { ...headers }, body }),
    /** Sends bytes over a connection of their own; answers with what came back until its end. */
    send: (bytes: string | Buffer) => exchange(t, url, bytes),
    /** Nobody was let in, nothing broke, and whoever knows the password gets in. */
    assertUnharmed: async (): Promise<void> => {
      assert.equal(await tokens.count(), 0)
      assert.deepEqual(log.find('failed'), [])
      assert.match(await logIn(url, rightLogin), /^sp_s_/)
    },
  }
}

/** A request to `/login` as bytes. Every line of `headers` ends with CRLF; the connection ends with the answer. */
export function rawLogin(headers: string, body: string): string {
  return `POST /login HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\n${headers}\r\n${body}`
}
