import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { makeFolder } from '../kit/daemon.ts'
import { collection, type environment } from '../kit/postman.ts'
import type { Variables } from '../kit/processes.ts'
import { root } from '../kit/root.ts'

const entryOf = ({ key, value }: { key: string; value: string }) => [key, value] as const

describe('the script that runs the collection', () => {
  const administrator = {
    ADMINISTRATOR_USERNAME: 'ada@example.com',
    ADMINISTRATOR_PASSWORD: 'planted password',
  }

  it('leaves out in memory what needs an administrator, and says so', (t) => {
    const { status, stderr, asked } = runPostman(t)

    assert.equal(status, 0, stderr)
    const folders = asked?.args.filter((_, at, args) => args[at - 1] === '--folder') ?? []
    const leftOut = collection.item.map(({ name }) => name).filter((one) => !folders.includes(one))
    assert.deepEqual(leftOut, ['administrator', 'clients'])
    for (const name of leftOut) {
      const sentence = `Left out, because in memory there is no administrator: the folder "${name}".`
      assert.equal(stderr.includes(sentence), true, stderr)
    }
  })

  it('leaves out nothing where there is an administrator, whose password is no argument', (t) => {
    const { status, stderr, asked } = runPostman(t, administrator)

    assert.equal(status, 0, stderr)
    assert.equal(asked?.args.includes('--folder'), false)
    assert.doesNotMatch(asked?.args.join(' ') ?? '', /planted/)
    const values = Object.fromEntries(asked?.values.map(entryOf) ?? [])
    assert.equal(values.admin_username, administrator.ADMINISTRATOR_USERNAME)
    assert.equal(values.admin_password, administrator.ADMINISTRATOR_PASSWORD)
    assert.match(values.auth_url ?? '', /^http:\/\/127\.0\.0\.1:\d+$/)
    assert.match(values.business_url ?? '', /^http:\/\/127\.0\.0\.1:\d+$/)
  })

  it('fails where accounts last and it is given no administrator', (t) => {
    const { status, stderr, asked } = runPostman(t, {
      ACCOUNT_STORE: 'postgres://me:planted-secret@127.0.0.1:1/sallyport',
    })

    assert.deepEqual([status, asked], [1, undefined])
    assert.match(stderr, /^Where accounts last, the collection needs an administrator/)
    assert.doesNotMatch(stderr, /planted/)
  })

  it('runs the folders that it is given, and no other', (t) => {
    const { asked } = runPostman(t, {}, ['--folder', 'log in, get data', '--folder', 'internal'])

    const given = asked?.args.slice(asked.args.indexOf('--folder'))
    assert.deepEqual(given, ['--folder', 'log in, get data', '--folder', 'internal'])
  })
})

/** In the place of npx: tells how it was called, and what is in the environment of the collection. */
const fakeNpx = `#!/usr/bin/env node
const args = process.argv.slice(2)
const file = args[args.indexOf('--environment') + 1]
const { values } = JSON.parse(require('node:fs').readFileSync(file, 'utf8'))
console.log(JSON.stringify({ args, values }))
`

function runPostman(t: TestContext, variables: Variables = {}, args: readonly string[] = []) {
  const folder = makeFolder('npx')
  t.after(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'npx'), fakeNpx, { mode: 0o755 })
  const env = { PATH: `${folder}:${process.env.PATH}`, ...variables }
  const options = { env, encoding: 'utf8', timeout: 60_000 } as const
  const { status, stdout, stderr } = spawnSync(join(root, 'scripts/runPostman'), args, options)
  type Asked = { readonly args: readonly string[]; readonly values: typeof environment.values }
  const asked = stdout === '' ? undefined : (JSON.parse(stdout) as Asked) // written above
  return { status, stderr, asked }
}
