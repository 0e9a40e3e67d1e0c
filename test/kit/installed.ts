/**
 * Which servers of others this machine has. Where one is missing, the tests that need it are skipped with the reason;
 * never in CI, where they run and fail, so that a machine without servers cannot be green.
 */
import { accessSync, constants, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** As Debian lays them out: a folder for each version, none of them in PATH. */
const postgresFolder = '/usr/lib/postgresql'

type Environment = Readonly<Record<string, string | undefined>>

/** For the option `skip` of a test: `false`, or why it cannot run here. */
export function skipUnless(...names: readonly string[]): string | false {
  return reasonToSkip(names, process.env)
}

export function reasonToSkip(names: readonly string[], environment: Environment): string | false {
  if ((environment.CI ?? '') !== '') return false
  const missing = names.filter((name) => find(name, environment) === undefined)
  return missing.length === 0 ? false : `Not installed: ${missing.join(', ')}.`
}

/** The path of an installed program. */
export function pathOf(name: string): string {
  const path = find(name, process.env)
  if (path === undefined) throw new Error(`${name} is not installed.`)
  return path
}

function find(name: string, { PATH = '' }: Environment): string | undefined {
  // Not everybody has the folder of nginx in PATH.
  const folders = [...PATH.split(delimiter), '/usr/sbin', ...postgresFolders()]
  return folders.map((folder) => join(folder, name)).find(isExecutable)
}

function postgresFolders(): string[] {
  try {
    const versions = readdirSync(postgresFolder).sort((one, other) => Number(other) - Number(one))
    return versions.map((version) => join(postgresFolder, version, 'bin'))
  } catch {
    return []
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
