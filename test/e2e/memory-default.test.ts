/** What is there when nobody asks for a store: the servers with `undici` alone, and no code of any store but memory. */
import assert from 'node:assert/strict'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { makeFolder } from '../kit/daemon.ts'
import { dataIn, logInDemo } from '../kit/demo.ts'
import { spawnScript, type Variables, waitUntil } from '../kit/processes.ts'
import { root } from '../kit/root.ts'
import { getData } from '../kit/servers.ts'

const compiled = fileURLToPath(new URL('../../src', import.meta.url))
const memory = { TOKEN_STORE: 'memory:', ACCOUNT_STORE: 'memory:' }

/** Notes what is loaded, in every process that is started with it. */
const noteLoaded = `
import { appendFileSync } from 'node:fs'
export async function load(url, context, next) {
  appendFileSync(process.env.LOADED_FILE, url + '\\n')
  return await next(url, context)
}`

describe('Both servers with nothing but undici installed', () => {
  it('log in and give data, and load no code of Redis or Postgres', async (t) => {
    const { output, loaded } = start(t, 'main.js', { AUTH_PORT: '0', BUSINESS_PORT: '0' })
    await waitUntil(() => output().includes('Ctrl-C stops both.'))
    const [auth = '', business = ''] = ['auth', 'business'].map(
      (name) => new RegExp(`^${name} +(http.*)$`, 'm').exec(output())?.[1],
    )

    const data = await dataIn(await getData(business, await logInDemo(auth)))

    assert.equal(data.greeting, 'Hello, Demo!')
    const foreign = /\/storage\/(redis|postgres)\/|\/storage\/record|@redis|\/pg\b/
    assert.deepEqual(
      loaded().filter((url) => foreign.test(url)),
      [],
    )
    for (const own of ['auth/main.js', 'business/main.js', 'storage/memory/tokens.js']) {
      assert.equal(loaded().filter((url) => url.endsWith(`/dist/${own}`)).length, 1)
    }
  })

  for (const [url, folder, driver] of [
    ['redis://127.0.0.1:1/0', 'redis', '@redis/client'],
    ['postgres://me@127.0.0.1:1/sallyport', 'postgres', 'pg'],
  ] as const) {
    it(`look for the code of ${folder} where a URL asks for it, and say that ${driver} is missing`, async (t) => {
      const { find, loaded, ended } = start(t, 'auth/main.js', { TOKEN_STORE: url })

      const { code } = await ended

      assert.equal(code, 1)
      const sentence = `auth could not start: A driver that is needed here is not installed. Run: npm install ${driver}`
      assert.equal(find(sentence).length, 1)
      assert.ok(loaded().some((one) => one.includes(`/storage/${folder}/`)))
    })
  }
})

describe('The migration without a driver', () => {
  it('says which one is missing', async (t) => {
    const url = 'postgres://me@127.0.0.1:1/sallyport'
    const { output, ended } = start(t, 'main-migrate.js', { MIGRATE_DATABASE_URL: url })

    const { code } = await ended

    assert.equal(code, 1)
    assert.equal(output(), 'A driver that is needed here is not installed. Run: npm install pg\n')
  })
})

describe('package.json', () => {
  it('has undici as its one dependency, and each driver as an optional peer', () => {
    const { dependencies, peerDependencies, peerDependenciesMeta } = JSON.parse(
      readFileSync(join(root, 'package.json'), 'utf8'),
    ) as Record<string, Record<string, unknown>>

    assert.deepEqual(Object.keys(dependencies ?? {}), ['undici'])
    assert.deepEqual(Object.keys(peerDependencies ?? {}).sort(), [
      '@redis/client',
      '@zxcvbn-ts/language-common',
      'jose',
      'nodemailer',
      'pg',
      'swagger-ui-dist',
    ])
    for (const name of Object.keys(peerDependencies ?? {})) {
      assert.deepEqual(peerDependenciesMeta?.[name], { optional: true })
    }
  })
})

/** Starts a script of a copy of what was compiled, which finds no package but undici. */
function start(t: TestContext, script: string, variables: Variables) {
  const folder = makeFolder('installed')
  t.after(() => rmSync(folder, { recursive: true }))
  cpSync(compiled, join(folder, 'dist'), { recursive: true })
  cpSync(join(root, 'package.json'), join(folder, 'package.json'))
  mkdirSync(join(folder, 'node_modules'))
  cpSync(join(root, 'node_modules/undici'), join(folder, 'node_modules/undici'), {
    recursive: true,
  })
  const loadedFile = join(folder, 'loaded')
  writeFileSync(loadedFile, '')
  writeFileSync(join(folder, 'note-loaded.mjs'), noteLoaded)
  const hook = pathToFileURL(join(folder, 'note-loaded.mjs')).href
  const register = `data:text/javascript,import{register}from'node:module';register('${hook}')`
  const started = spawnScript(pathToFileURL(join(folder, 'dist', script)).href, {
    ...memory,
    ...variables,
    NODE_OPTIONS: `--import ${register.replaceAll(' ', '%20')}`,
    LOADED_FILE: loadedFile,
  })
  t.after(async () => {
    started.signal('SIGTERM')
    await started.ended
  })
  return { ...started, loaded: () => readFileSync(loadedFile, 'utf8').split('\n') }
}
