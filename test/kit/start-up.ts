import { once } from 'node:events'
import type { TestContext } from 'node:test'
import { spawnServer, type Variables } from './processes.ts'

/** Starts a server that is expected to give up, and says what it left behind. */
export async function startUpOf(t: TestContext, name: 'auth' | 'business', variables: Variables) {
  const { child, output, find } = spawnServer(name, variables)
  t.after(() => child.kill('SIGKILL'))
  let complaint = ''
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString('utf8')
  })
  const [code] = await once(child, 'close', { signal: AbortSignal.timeout(10_000) })
  return { code: code as number | null, output: output(), complaint, find }
}
