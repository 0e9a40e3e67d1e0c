import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bearer, post } from '../kit/auth-calls.ts'
import { mailFolder } from '../kit/mail-folder.ts'
import { startAuth } from '../kit/processes.ts'
import { logIn } from '../kit/servers.ts'

const username = 'ann@example.com'
const password = 'seven quiet herons'

describe('somebody who registers where addresses are verified', () => {
  it('gets a mail, and with what is in it an account, once', async (t) => {
    const { MAIL_DIR, nextToken } = mailFolder(t)
    const { url } = await startAuth(t, { REGISTRATION: 'verified', MAIL_DIR })

    const asked = await post(`${url}/register`, { json: { username } })
    const token = await nextToken(username)
    const finish = { json: { token, name: 'Ann', password } }
    const finished = await post(`${url}/register/finish`, finish)
    const again = await post(`${url}/register/finish`, finish)

    assert.deepEqual([asked.status, finished.status, again.status], [202, 201, 400])
    assert.match(await logIn(url, { username, password }), /^sp_s_/)
  })

  it('gets another mail where he asks again, which ends the token of the one before', async (t) => {
    const { MAIL_DIR, nextToken } = mailFolder(t)
    const { url } = await startAuth(t, { REGISTRATION: 'verified', MAIL_DIR })
    const finish = (token: string) =>
      post(`${url}/register/finish`, { json: { token, name: 'Ann', password } })

    await post(`${url}/register`, { json: { username } })
    const first = await nextToken(username)
    await post(`${url}/register`, { json: { username } })
    const second = await nextToken(username)

    const [early, late] = [await finish(first), await finish(second)]
    assert.deepEqual([early.status, early.body.error, late.status], [400, 'invalid_grant', 201])
  })
})

describe('somebody who forgot a password', () => {
  it('gets a mail, and chooses another one, which ends every session', async (t) => {
    const { MAIL_DIR, nextToken } = mailFolder(t)
    const { url } = await startAuth(t, { REGISTRATION: 'open', MAIL_DIR })
    await post(`${url}/register`, { json: { username, name: 'Ann', password } })
    const session = await logIn(url, { username, password })
    const { body: pair } = await post(`${url}/login/jwt`, { json: { username, password } })

    await post(`${url}/password-reset`, { json: { username } })
    const token = await nextToken(username)
    const json = { token, password: 'eight quiet herons' }
    const { status } = await post(`${url}/password-reset/finish`, { json })

    assert.equal(status, 204)
    const me = await fetch(`${url}/me`, { headers: { authorization: bearer(session) } })
    const { refresh_token } = pair
    const refreshed = await post(`${url}/refresh`, { json: { refresh_token } })
    assert.deepEqual([me.status, refreshed.status], [401, 400])
    await assert.rejects(logIn(url, { username, password }), /401/)
    assert.match(await logIn(url, { username, password: json.password }), /^sp_s_/)
  })
})
