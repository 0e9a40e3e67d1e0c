import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { callAt } from '../../kit/auth-calls.ts'
import { connectClient } from '../../kit/database-client.ts'
import { postLogin } from '../../kit/demo.ts'
import { skipUnless } from '../../kit/installed.ts'
import { startAuth, waitUntil } from '../../kit/processes.ts'
import { startProvisioned } from '../../kit/provisioned.ts'
import { recordSecret } from '../../kit/used-secrets.ts'
import { ann, password } from './accounts-kit.ts'

const chosen = 'another long password'

describe('auth, killed between a change and the end of the sessions', {
  skip: skipUnless('postgres'),
}, () => {
  it('ends them when it is started again, once', async (t) => {
    const { auth: url, owner } = await startProvisioned(t)
    const variables = { APP_ENV: 'demo', ACCOUNT_STORE: url, TOKEN_STORE: url }
    const auth = await startAuth(t, variables)
    await callAt(`${auth.url}/register`, 'POST', { json: ann })
    const token = await logIn(auth.url, password)
    const { ask } = await connectClient(t, owner)
    const pending = async () =>
      Number((await ask('select count(*) from auth.pending_revocations'))[0]?.[0])
    await ask('begin')
    await ask('lock table auth.mark_changes in access exclusive mode')
    const json = { current_password: password, new_password: chosen }
    const answer = callAt(`${auth.url}/me/password`, 'POST', { token, json })
    answer.catch(() => {}) // it ends with its server
    await waitUntil(async () => (await pending()) === 1)

    process.kill(auth.pid, 'SIGKILL')
    await assert.rejects(answer)
    await ask('rollback')
    const left = await pending()
    const next = await startAuth(t, variables)

    const isAlive = async (one: string) =>
      (await callAt(`${next.url}/me`, 'GET', { token: one })).status === 200
    assert.equal(left, 1)
    assert.equal((await postLogin(next.url, ann)).status, 401)
    await waitUntil(async () => !(await isAlive(token)))
    await waitUntil(async () => (await pending()) === 0)
    assert.equal(await isAlive(await logIn(next.url, chosen)), true)
  })
})

async function logIn(url: string, known: string): Promise<string> {
  const response = await postLogin(url, { username: ann.username, password: known })
  assert.equal(response.status, 200)
  return recordSecret(((await response.json()) as { token: string }).token)
}
