/** What the configuration says to an environment, and files to put into one. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { type Environment, readConfig } from '../../src/config.ts'
import type { Extension } from '../../src/config-extension.ts'
import { ConfigError } from '../../src/config-problems.ts'
import type { Program } from '../../src/variable-kinds.ts'

export const servers: readonly Program[] = ['auth', 'business']
export const everyProgram: readonly Program[] = [...servers, 'migrate', 'createUser']
export const goodSecret = 'a-secret-for-tests-of-32-characters-or-more'
export const wellKnownSentence =
  'BUSINESS_CLIENT_SECRET must be set in production, and not to the well-known one of the demo.'

/** All that is wrong with an environment for these programs; nothing where it is good. */
export function problemsOf(
  environment: Environment,
  programs = servers,
  extensions: readonly Extension[] = [],
): readonly string[] {
  try {
    readConfig(environment, programs, extensions)
    return []
  } catch (error) {
    assert.ok(error instanceof ConfigError)
    assert.equal(error.message, error.problems.join('\n'))
    return error.problems
  }
}

/** A file with this content, gone with the test. */
export function writeTestFile(t: TestContext, content: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'config-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'file')
  writeFileSync(path, content)
  return path
}
