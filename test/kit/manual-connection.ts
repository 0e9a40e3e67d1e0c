import assert from 'node:assert/strict'
import type { AuthAnswer, AuthConnection, AuthRequest } from '../../src/business/auth-connection.ts'

interface Asked {
  readonly request: AuthRequest
  answer(answer: AuthAnswer): Promise<void>
  fail(error: Error): Promise<void>
}

/** A connection whose answers the test gives, when it wants to. */
export function manualConnection() {
  const asked: Asked[] = []
  const connection: AuthConnection = {
    post: (request) =>
      new Promise((resolve, reject) => {
        asked.push({
          request,
          answer: async (answer) => {
            resolve(answer)
            await settled()
          },
          fail: async (error) => {
            reject(error)
            await settled()
          },
        })
      }),
    get: () => Promise.reject(new Error('nothing is read here')),
    async close() {},
  }
  const at = (index: number): Asked => {
    const one = asked[index]
    assert.ok(one !== undefined, `auth was not asked ${index + 1} times`)
    return one
  }
  return { connection, asked, at }
}

/** Lets everything run that waits for promises only. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
