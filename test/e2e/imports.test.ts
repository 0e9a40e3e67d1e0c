import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { after, before, describe, it } from 'node:test'

const biome = resolve('node_modules/.bin/biome')
let folder = ''

/** Whether the linter, with the configuration of this repository, lets `file` import `target`. */
function mayImport(file: string, target: string): boolean {
  const path = join(folder, file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `import { x } from '${target}'\n\nexport const y = x\n`)
  const { stdout, stderr } = spawnSync(biome, ['lint', file], { cwd: folder, encoding: 'utf8' })
  rmSync(path)
  const output = stdout + stderr
  assert.match(output, /Checked 1 file/)
  return !output.includes('noRestrictedImports')
}

describe('the import directions', () => {
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'imports-'))
    cpSync('biome.json', join(folder, 'biome.json'))
  })
  after(() => rmSync(folder, { recursive: true }))

  const upwards: readonly (readonly [string, string])[] = [
    ['src/http/x.ts', '../storage/ports.ts'],
    ['src/http/x.ts', '../tokens/token.ts'],
    ['src/docs/x.ts', '../auth/capability.ts'],
    ['src/docs/x.ts', '../config.ts'],
    ['src/storage/memory/x.ts', '../../auth/clients.ts'],
    ['src/storage/x.ts', '../tokens/token.ts'],
    ['src/tokens/x.ts', '../storage/memory/tokens.ts'],
    ['src/tokens/x.ts', '../auth/usernames.ts'],
    ['src/passwords/x.ts', '../auth/usernames.ts'],
    ['src/auth/x.ts', '../business/routes.ts'],
    ['src/auth/x.ts', '../storage/open.ts'],
    ['src/auth/x.ts', '../config.ts'],
    ['src/auth/main.ts', '../business/routes.ts'],
    ['src/auth/main.ts', '../storage/memory/tokens.ts'],
    ['src/auth/main-x.ts', '../business/routes.ts'],
    ['src/auth/x.ts', '../config-problems.ts'],
    ['src/auth/x.ts', './main-x.ts'],
    ['src/auth/x.ts', '../script.ts'],
    ['src/auth/some/x.ts', '../../script.ts'],
    ['src/storage/x.ts', '../variable-kinds.ts'],
    ['src/business/x.ts', '../tokens/token.ts'],
    ['src/business/x.ts', '../storage/ports.ts'],
    ['src/business/main.ts', '../auth/clients.ts'],
    ['src/log.ts', './auth/clients.ts'],
    ['src/auth/x.ts', '../storage/redis/link.ts'],
    ['src/auth/x.ts', '../storage/postgres/tokens.ts'],
    ['src/auth/x.ts', '../storage/with-driver.ts'],
    ['src/auth/x.ts', '../store-url.ts'],
    ['src/auth/main.ts', '../storage/redis/open.ts'],
    ['src/tokens/x.ts', '../storage/postgres/tokens.ts'],
    ['src/http/x.ts', '../store-url.ts'],
    ['src/business/x.ts', '../store-url.ts'],
    ['src/storage/memory/x.ts', '../redis/tokens.ts'],
    ['src/storage/redis/x.ts', '../postgres/tokens.ts'],
    ['src/storage/postgres/x.ts', '../memory/tokens.ts'],
    ['src/storage/redis/x.ts', '../../auth/clients.ts'],
    ['src/storage/redis/x.ts', '../open.ts'],
    ['src/auth/some/x.ts', '../../business/routes.ts'],
    ['src/auth/some/x.ts', '../../storage/open.ts'],
    ['src/auth/some/x.ts', '../../config.ts'],
    ['src/auth/some/x.ts', '../capabilities.ts'],
    ['src/auth/some/x.ts', './main-x.ts'],
    ['src/auth/some/main-x.ts', '../../business/routes.ts'],
    ['src/auth/capability.ts', '../storage/redis/link.ts'],
    ['src/business/some/x.ts', '../../tokens/token.ts'],
    ['src/business/some/x.ts', '../../config.ts'],
    ['src/business/some/x.ts', '../capabilities.ts'],
    ['src/business/capability.ts', '../run.ts'],
    ['src/bot/x.ts', '../business/routes.ts'],
    ['src/bot/x.ts', '../config.ts'],
  ]
  for (const [file, target] of upwards) {
    it(`forbid ${file} to import ${target}`, () => {
      assert.equal(mayImport(file, target), false)
    })
  }

  const downwards: readonly (readonly [string, string])[] = [
    ['src/docs/x.ts', '../http/content.ts'],
    ['src/auth/x.ts', '../storage/ports.ts'],
    ['src/auth/x.ts', '../validation.ts'],
    ['src/auth/main.ts', '../storage/open.ts'],
    ['src/auth/main-x.ts', '../storage/open.ts'],
    ['src/auth/main-x.ts', '../config.ts'],
    ['src/main-x.ts', './storage/open.ts'],
    ['src/business/x.ts', '../validation.ts'],
    ['src/business/x.ts', '../http/endpoint.ts'],
    ['src/tokens/x.ts', '../storage/ports.ts'],
    ['src/storage/redis/x.ts', '../record.ts'],
    ['src/storage/redis/x.ts', './open.ts'],
    ['src/storage/postgres/x.ts', '../../store-url.ts'],
    ['src/auth/some/redis.ts', '../../storage/redis/scripts.ts'],
    ['src/auth/some/postgres.ts', '../../storage/postgres/database.ts'],
    ['src/auth/some/register.ts', '../../variable-kinds.ts'],
    ['src/auth/some/main-x.ts', '../../storage/open.ts'],
    ['src/business/some/register.ts', '../../variable-kinds.ts'],
    ['src/business/some/register.ts', './variables.ts'],
    ['src/bot/x.ts', '../clock.ts'],
    ['src/bot/x.ts', './client.ts'],
  ]
  for (const [file, target] of downwards) {
    it(`allow ${file} to import ${target}`, () => {
      assert.equal(mayImport(file, target), true)
    })
  }

  it('forbid everything but an entry point to read the environment', () => {
    const file = 'src/auth/x.ts'
    mkdirSync(join(folder, 'src/auth'), { recursive: true })
    writeFileSync(join(folder, file), 'export const y = process.env.X\n')

    const { stdout, stderr } = spawnSync(biome, ['lint', file], { cwd: folder, encoding: 'utf8' })

    assert.match(stdout + stderr, /noProcessEnv/)
  })

  it('lead from no capability to another, and to them from nowhere but the list of them', () => {
    const crossing = filesIn('src').flatMap((file) => {
      const owner = capabilityOf(file)
      const foreign = importsOf(file).filter(
        (target) => ![undefined, owner].includes(capabilityOf(target)),
      )
      return foreign.map((target) => `${file} imports ${target}`)
    })

    assert.deepEqual(
      crossing.filter((one) => !/^src\/(auth|business)\/capabilities\.ts /.test(one)),
      [],
    )
  })
})

function filesIn(root: string): string[] {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' })
  return names.filter((name) => name.endsWith('.ts')).map((name) => join(root, name))
}

/** The folder beside the core of a server in which a file is. */
function capabilityOf(file: string): string | undefined {
  return /^src\/(?:auth|business)\/[^/]+\//.exec(file)?.[0]
}

/** Paths from the root, of all that a file imports of ours, also when it is needed only. */
function importsOf(file: string): string[] {
  const targets = readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)
  return [...targets].map(([, target = '']) => join(dirname(file), target))
}
