import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Lifetime } from '../../kit/daemon.ts'

/** A folder that goes with the test. */
export function ownFolder(t: Lifetime): string {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-mail-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
