import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { postLogin } from '../kit/demo.ts'
import { skipUnless } from '../kit/installed.ts'
import { startAuth } from '../kit/processes.ts'
import { startProvisioned } from '../kit/provisioned.ts'
import { share } from '../kit/shared-servers.ts'

const script = fileURLToPath(new URL('../../src/auth/main-create-user.js', import.meta.url))

/** What has confused one store or another, and is nevertheless a name. */
const hostileUsernames = [
  ['separators and patterns', 'a:b::c*?[a-z]{}%_'],
  ['newlines, quotes and backslashes', `a\nb\r\n\\0\\'; drop table auth.users; -- "$1$$`],
  ['as many characters as there may be', 'long'.repeat(256)],
  ['as many characters of four bytes as there may be', '😀'.repeat(512)],
  ['characters that each become eighteen', '\ufdfa'.repeat(1_024)],
] as const

describe('users in Postgres whose names have', { skip: skipUnless('postgres') }, () => {
  const shared = share(async (context) => {
    const { auth: url } = await startProvisioned(context)
    return { url, auth: await startAuth(context, { ACCOUNT_STORE: url }) }
  })

  for (const [index, [what, username]] of hostileUsernames.entries())
    it(`${what} are made once and can log in`, async () => {
      const { auth } = shared()
      const password = `planted password ${index}`

      const made = await createUser(username, password)

      const entered = await postLogin(auth.url, { username, password })
      const again = await createUser(username, 'planted password of another')
      assert.match(made.output, /^[\da-f-]{36}\n$/)
      assert.deepEqual([made.code, entered.status], [0, 200])
      assert.deepEqual(again, { code: 1, output: 'The user name is taken.\n' })
    })

  async function createUser(username: string, password: string) {
    const { PATH } = process.env
    const env = { PATH, ACCOUNT_STORE: shared().url, NEW_USER_PASSWORD: password }
    const args = [script, '--username', username, '--name', 'A Name']
    const child = spawn(process.execPath, args, { env })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    const [code] = await once(child, 'close')
    assert.doesNotMatch(output, /planted/)
    return { code: code as number | null, output }
  }
})
