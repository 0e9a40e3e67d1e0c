/** Runs scripts over a link: by their digest, whole where Redis has not seen them yet. */
import { unavailable } from '../../http/refusal.ts'
import type { Ending } from './ending.ts'
import type { Connection, Link } from './link.ts'
import type { Script } from './scripts.ts'

/** Runs scripts somewhere. Rejects with a 503 where no answer came. */
export interface ScriptRunner {
  run(call: ScriptCall): Promise<unknown>
  close(): void
}

export interface ScriptCall {
  readonly script: Script
  /** All in one slot. At least one. */
  readonly keys: readonly string[]
  readonly args?: readonly string[]
  /** Whether it may run twice, so that a call whose answer was lost is made once more. */
  readonly isRepeatable: boolean
}

export function createScriptRunner(link: Link): ScriptRunner {
  return {
    run: (call) =>
      link.use((connection, end) => runScript(connection, end, call), call.isRepeatable),
    close: () => link.close(),
  }
}

export interface Replication {
  /** How many replicas must have what was written. */
  readonly replicas: number
  readonly milliseconds: number
}

/**
 * Answers only when so many replicas have the effect. `link` must be for this alone: to wait holds its connection up.
 * Fewer in time is a 503, though the effect is there: the caller does not know who will be master next.
 */
export function createWaitingScriptRunner(
  link: Link,
  { replicas, milliseconds }: Replication,
): ScriptRunner {
  return {
    run: (call) =>
      link.use(async (connection, end) => {
        const answer = await runScript(connection, end, call)
        const [key = ''] = call.keys
        const reached = await connection
          .waitForReplicas(key, replicas, milliseconds)
          .catch((cause: unknown) => {
            // Whatever that says of the waiting, the script has run.
            throw new Error('nobody knows which replicas have it', { cause })
          })
        if (reached < replicas) throw unavailable('Too few replicas have it.')
        return answer
      }, call.isRepeatable),
    close: () => link.close(),
  }
}

async function runScript(
  connection: Connection,
  end: Ending,
  { script, keys, args = [] }: ScriptCall,
): Promise<unknown> {
  const [key = ''] = keys
  const rest = [String(keys.length), ...keys, ...args]
  try {
    return await connection.send(key, ['EVALSHA', script.sha, ...rest], end)
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error
    return await connection.send(key, ['EVAL', script.text, ...rest], end)
  }
}
