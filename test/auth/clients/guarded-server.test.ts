/** The server that the README shows does what it says. */
import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { promisify } from 'node:util'
import { keyOf } from '../../../src/tokens/token.ts'
import { asToken, bearer, post } from '../../kit/auth-calls.ts'
import { freePort } from '../../kit/free-port.ts'
import { waitUntil } from '../../kit/processes.ts'
import { root } from '../../kit/root.ts'
import { logIn, testPurposes } from '../../kit/servers.ts'
import { startAdministeredAuth } from './administered-auth.ts'

const execute = promisify(execFile)

const section =
  readFileSync(join(root, 'README.md'), 'utf8').split('## Guard your own server')[1] ?? ''
const [brief = '', program = ''] = [...section.matchAll(/```js\n(.*?)```/gs)].map(
  ([, code = '']) => code,
)

/** The server as a process, as a client of auth, and what it answers to a token. */
async function startGuarded(t: TestContext) {
  const auth = await startAdministeredAuth(t)
  const CLIENT_SECRET = await auth.createClient({ scope: 'tokens:validate' })
  const known = { AUTH_URL: auth.url, CLIENT_ID: 'reports', CLIENT_SECRET }
  const port = await freePort()
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    env: { PATH: process.env.PATH, ...known, PORT: String(port) },
    stdio: 'inherit',
  })
  t.after(async () => {
    const ended = once(child, 'exit')
    child.kill()
    await ended
  })
  const url = `http://127.0.0.1:${port}`
  await waitUntil(() => isThere(url))
  const ask = async (token?: string) => {
    const headers = token === undefined ? {} : { authorization: bearer(token) }
    const response = await fetch(url, { headers })
    return [response.status, await response.text()]
  }
  return { ...auth, ask }
}

async function isThere(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).status > 0
  } catch {
    return false
  }
}

describe('the ten lines that the README shows', () => {
  it('know whose token it is, until the logout', async (t) => {
    const auth = await startAdministeredAuth(t)
    const CLIENT_SECRET = await auth.createClient({ scope: 'tokens:validate' })
    const known = { AUTH_URL: auth.url, CLIENT_ID: 'reports', CLIENT_SECRET }
    const token = await logIn(auth.url)
    const ask = async () => {
      const printing = `${brief}\nconsole.log(JSON.stringify(await validate(process.env.TOKEN)))`
      const args = ['--input-type=module', '--eval', printing]
      const env = { PATH: process.env.PATH, ...known, TOKEN: token }
      const { stdout } = await execute(process.execPath, args, { env })
      return JSON.parse(stdout) as { readonly authenticated: boolean; readonly name?: string }
    }

    const alive = await ask()
    await post(`${auth.url}/logout`, { authorization: bearer(token) })

    assert.deepEqual([alive.authenticated, alive.name], [true, 'Test User'])
    assert.deepEqual(await ask(), { authenticated: false })
  })
})

describe('the server that the README shows', () => {
  it('lets a logged-in user in, until the logout, and nobody else', async (t) => {
    const { url, ask } = await startGuarded(t)
    const token = await logIn(url)

    const answers = [await ask(), await ask('nonsense'), await ask(token), await ask(token)]
    await post(`${url}/logout`, { authorization: bearer(token) })
    answers.push(await ask(token))

    assert.deepEqual(answers, [
      [401, ''],
      [401, ''],
      [200, 'Hello, Test User!\n'],
      [200, 'Hello, Test User!\n'],
      [401, ''],
    ])
  })

  it('keeps the session alive', async (t) => {
    const { url, ask, tokens } = await startGuarded(t)
    const token = asToken(await logIn(url))

    await ask(token)

    const session = await tokens.peek(keyOf(token), testPurposes.session)
    assert.equal(session?.refreshCount, 1)
  })

  it('lets nobody in while its client is disabled, and is well again by itself', async (t) => {
    const { url, ask, call } = await startGuarded(t)
    const token = await logIn(url)
    await ask(token)

    await call('PATCH', '/admin/clients/reports', { json: { disabled: true } })
    const whileDisabled = [await ask(token), await ask(token)]
    await call('PATCH', '/admin/clients/reports', { json: { disabled: false } })
    const afterwards = await ask(token)

    assert.deepEqual(whileDisabled, [
      [503, ''],
      [503, ''],
    ])
    assert.deepEqual(afterwards, [200, 'Hello, Test User!\n'])
  })

  it('lets nobody in while auth is away', async (t) => {
    const { url, ask, server } = await startGuarded(t)
    const token = await logIn(url)
    await ask(token)

    await server.drain({ delaySeconds: 0, graceSeconds: 0 })

    assert.deepEqual(await ask(token), [503, ''])
  })
})
