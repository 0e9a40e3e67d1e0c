import assert from 'node:assert/strict'
import type { RecordedLog } from './log.ts'
import { testClient } from './servers.ts'

/** Asserts a 503 that a client can live with: when to come again, nothing that looks like a refusal of its token. */
export async function assertUnavailable(response: Response): Promise<void> {
  const body = (await response.json()) as Record<string, unknown>
  assert.equal(response.status, 503)
  assert.match(response.headers.get('retry-after') ?? '', /^\d+$/)
  assert.equal(response.headers.get('www-authenticate'), null)
  assert.equal(body.error, 'temporarily_unavailable')
  assert.deepEqual(Object.keys(body), ['error', 'error_description', 'request_id'])
}

/** Asserts that business wrote a log and that none of these, nor its own credential, is in it. */
export function assertLogIsClean(log: RecordedLog, ...secrets: readonly string[]): void {
  const { id, secret } = testClient
  const basic = Buffer.from(`${id}:${secret}`).toString('base64')
  const text = log.text()
  assert.notEqual(text, '')
  const leaked = [secret, basic, 'credential-', ...secrets].filter((one) => text.includes(one))
  assert.deepEqual(leaked, [])
}
