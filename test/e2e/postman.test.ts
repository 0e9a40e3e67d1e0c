import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { makeFolder } from '../kit/daemon.ts'
import { demoClient, demoCredentials } from '../kit/demo.ts'
import {
  type CollectionRequest,
  collection,
  collectionText,
  environment,
  requests,
} from '../kit/postman.ts'
import type { Variables } from '../kit/processes.ts'
import { tableAfter } from '../kit/readme.ts'
import { root } from '../kit/root.ts'

const entryOf = ({ key, value }: { key: string; value: string }) => [key, value] as const

describe('the Postman collection', () => {
  it('asks each endpoint that the README lists, and no other', () => {
    const listed = tableAfter('## Endpoints').flatMap(([server, call]) =>
      server === 'both' ? [`auth ${call}`, `business ${call}`] : [`${server} ${call}`],
    )

    const asked = new Set(requests.map(callOf))

    assert.deepEqual([...asked].sort(), listed.sort())
  })

  it('says what each folder and each request is for, and judges each answer', () => {
    const unsaid = [
      ...collection.item,
      ...requests.map(({ name, request }) => ({ ...request, name })),
    ]
      .filter(({ description = '' }) => description === '')
      .map(({ name }) => name)
    const unjudged = requests
      .filter(({ event }) => !event.some(({ script }) => script.exec.join().includes('pm.test(')))
      .map(({ name }) => name)

    assert.deepEqual({ unsaid, unjudged }, { unsaid: [], unjudged: [] })
  })

  it('declares each variable that it uses, and no other', () => {
    const uses = collectionText.matchAll(/\{\{(\w+)\}\}|collectionVariables\.[gs]et\('(\w+)'/g)
    const used = new Set([...uses].map(([, braced, scripted]) => braced ?? scripted))

    const declared = collection.variable.map(({ key }) => key)

    assert.deepEqual(declared.sort(), [...used].sort())
  })

  it('knows no secret but those of the demo', () => {
    const values = Object.fromEntries(collection.variable.map(entryOf))
    const known = Object.entries(values).filter(([key, value]) => !key.endsWith('_url') && value)

    assert.deepEqual(Object.fromEntries(known), {
      username: demoCredentials.username,
      password: demoCredentials.password,
      client_id: demoClient.id,
      client_secret: demoClient.secret,
      account_password: 'a good long password', // of accounts that it makes itself
    })
    for (const [key, value] of environment.values.map(entryOf)) assert.equal(values[key], value)
  })

  it('has no request with the name of a folder, which newman could take for it', () => {
    const folders = collection.item.map(({ name }) => name)

    assert.deepEqual(
      requests.map(({ name }) => name).filter((name) => folders.includes(name)),
      [],
    )
  })
})

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

/** As the README writes it: the server, the method, the path. */
function callOf({ request: { method, url } }: CollectionRequest): string {
  return `${url.host.join().replace(/^\{\{(\w+)_url\}\}$/, '$1')} ${method} /${url.path.join('/')}`
}

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
