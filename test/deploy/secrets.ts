import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Lifetime, makeFolder } from '../kit/daemon.ts'

/** All that compose mounts, made as for a deployment, in a folder of the test's own. */
export function makeSecrets(t: Lifetime): string {
  const folder = makeFolder('secrets')
  t.after(() => rmSync(folder, { recursive: true }))
  execFileSync('scripts/makeSecrets', [join(folder, 'secrets')], { stdio: 'ignore' })
  return join(folder, 'secrets')
}
