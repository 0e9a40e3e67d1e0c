/** Runs compiled test files in a process of their own, with variables of their own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { root } from './root.ts'

export interface SuiteRun {
  readonly code: number | null
  readonly output: string
  /** As the runner counts: `tests`, `pass`, `fail`, `skipped`, `todo`, `cancelled`. */
  count(name: string): number
}

export async function runTestFiles(
  files: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<SuiteRun> {
  // This process is a test itself, and a runner that learns of that runs nothing and is green.
  const { NODE_TEST_CONTEXT: _, ...inherited } = process.env
  const options = ['--enable-source-maps', '--test', '--test-reporter=tap', '--test-concurrency=2']
  const child = spawn(process.execPath, [...options, ...files], {
    cwd: root,
    env: { ...inherited, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8')
    })
  const [code] = await once(child, 'close')
  return {
    code: code as number | null,
    output,
    count: (name) => Number(new RegExp(`^# ${name} (\\d+)$`, 'm').exec(output)?.[1]),
  }
}
