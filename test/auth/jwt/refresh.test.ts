import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { subjectTagOf } from '../../../src/storage/ports.ts'
import { post } from '../../kit/auth-calls.ts'
import {
  assertInvalidGrant,
  changeableUsers,
  claimsIn,
  isActive,
  logInJwt,
  postRefresh,
  refreshOn,
  startJwtAuth,
  validate,
} from './jwt-kit.ts'

const noWindow = { environment: { REFRESH_RETRY_SECONDS: '0' } }
const withTail = (token: string, tail: string) => token.slice(0, -tail.length) + tail

describe('POST /refresh', () => {
  it('answers another pair, of the same family, user and scope', async (t) => {
    const { url, user } = await startJwtAuth(t)
    const first = await logInJwt(url)

    const { status, headers, body } = await postRefresh(url, first.refresh)

    assert.equal(status, 200)
    assert.equal(headers.get('cache-control'), 'no-store')
    assert.deepEqual([body.token_type, body.expires_in], ['Bearer', 300])
    assert.notEqual(body.refresh_token, first.refresh)
    const [before, after] = [claimsIn(first.access), claimsIn(String(body.access_token))]
    assert.deepEqual([after.sub, after.sid, after.scope], [user.id, before.sid, before.scope])
    assert.notEqual(after.jti, before.jti)
    assert.equal((await validate(url, String(body.access_token))).authenticated, true)
  })

  it('takes a form too', async (t) => {
    const { url } = await startJwtAuth(t)
    const { refresh } = await logInJwt(url)

    const { status } = await post(`${url}/refresh`, { form: `refresh_token=${refresh}` })

    assert.equal(status, 200)
  })

  it('goes on from one refresh token to the next, and the end stays where it was', async (t) => {
    const { url, clock } = await startJwtAuth(t)
    const first = await logInJwt(url)
    clock.advance(60_000)
    const second = await refreshOn(url, first)
    clock.advance(60_000)

    const { body } = await postRefresh(url, second.refresh)

    assert.equal(body.refresh_expires_in, 2_592_000 - 120)
  })

  it('promises no access beyond the end of the family', async (t) => {
    const { url, clock } = await startJwtAuth(t, {
      environment: { REFRESH_LIFETIME_SECONDS: '1000' },
    })
    const { refresh } = await logInJwt(url)
    clock.advance(900_000)

    const { body } = await postRefresh(url, refresh)

    assert.deepEqual([body.expires_in, body.refresh_expires_in], [100, 100])
    clock.advance(100_000)
    assert.deepEqual(await validate(url, String(body.access_token)), { authenticated: false })
  })

  it('refuses at the end of the family, thirty days after the login', async (t) => {
    const { url, clock } = await startJwtAuth(t)
    const pair = await logInJwt(url)
    clock.advance(2_592_000_000)

    const answer = await postRefresh(url, pair.refresh)

    assertInvalidGrant(answer)
  })

  it('answers a repeat of the immediate parent with the same bytes while the window is open', async (t) => {
    const { url, clock } = await startJwtAuth(t)
    const { refresh } = await logInJwt(url)
    const given = await (await rawRefresh(url, refresh)).text()
    clock.advance(9_999)

    const again = await rawRefresh(url, refresh)

    assert.equal(again.status, 200)
    assert.equal(await again.text(), given)
  })

  it('ends the family for a repeat when the window is closed, and reports it', async (t) => {
    const { url, clock, events, user } = await startJwtAuth(t)
    const first = await logInJwt(url)
    const second = await refreshOn(url, first)
    clock.advance(10_000)

    const answer = await postRefresh(url, first.refresh)

    assertInvalidGrant(answer)
    assertInvalidGrant(await postRefresh(url, second.refresh))
    assert.deepEqual(await validate(url, second.access), { authenticated: false })
    const { sid } = claimsIn(first.access)
    const reported = events.filter(({ type }) => type === 'refresh_reused')
    assert.deepEqual(
      reported.map(({ sub, session }) => ({ sub, session })),
      [{ sub: user.id, session: sid }],
    )
  })

  it('ends the family for a secret that was never its own under a true selector', async (t) => {
    const { url } = await startJwtAuth(t)
    const pair = await logInJwt(url)

    const answer = await postRefresh(url, withTail(pair.refresh, 'A'.repeat(43)))

    assertInvalidGrant(answer)
    assertInvalidGrant(await postRefresh(url, pair.refresh))
  })

  it('lets nobody end a family who knows its public id alone', async (t) => {
    const { url, user } = await startJwtAuth(t)
    const pair = await logInJwt(url)
    const { sid } = claimsIn(pair.access)
    const forged = `sp_f_${subjectTagOf(user.id)}_${String(sid)}_${'A'.repeat(43)}`

    const answer = await postRefresh(url, forged)

    assertInvalidGrant(answer)
    assert.equal(await isActive(url, pair.refresh), true)
  })

  it('lets exactly one of 16 simultaneous refreshes mint, and the others get the same bytes', async (t) => {
    const { url } = await startJwtAuth(t)
    const { refresh } = await logInJwt(url)

    const answers = await Promise.all(Array.from({ length: 16 }, () => rawRefresh(url, refresh)))

    const bodies = await Promise.all(answers.map((answer) => answer.text()))
    assert.deepEqual(
      answers.map(({ status }) => status),
      Array(16).fill(200),
    )
    assert.equal(new Set(bodies).size, 1)
  })

  it('lets exactly one of 16 simultaneous refreshes succeed where there is no window', async (t) => {
    const { url } = await startJwtAuth(t, noWindow)
    const { refresh } = await logInJwt(url)

    const answers = await Promise.all(Array.from({ length: 16 }, () => postRefresh(url, refresh)))

    const won = answers.filter(({ status }) => status === 200)
    assert.equal(won.length, 1)
    for (const answer of answers.filter((one) => !won.includes(one))) assertInvalidGrant(answer)
    assertInvalidGrant(await postRefresh(url, won[0]?.body.refresh_token))
  })

  it('refuses a user who is disabled or gone, and leaves his family as it is', async (t) => {
    const { users, become } = changeableUsers()
    const { url } = await startJwtAuth(t, { users })
    const pair = await logInJwt(url)

    become('disabled')
    const disabled = await postRefresh(url, pair.refresh)
    become('gone')
    const gone = await postRefresh(url, pair.refresh)
    become('as they are')

    assertInvalidGrant(disabled)
    assertInvalidGrant(gone)
    await refreshOn(url, pair)
  })

  it('leaves nothing alive of refreshes that were under way when a user was disabled', async (t) => {
    const { users, become } = changeableUsers()
    const { url, tokens, user, core } = await startJwtAuth(t, { users })
    const pair = await logInJwt(url)
    const refreshes = Array.from({ length: 16 }, () => postRefresh(url, pair.refresh))

    become('disabled')
    await tokens.revokeSubject(user.id, core.userPurposes())
    const answers = await Promise.all(refreshes)

    assertInvalidGrant(await postRefresh(url, pair.refresh))
    for (const { status, body } of answers) {
      assert.ok(status === 200 || status === 400, String(status))
      if (status !== 200) continue
      assert.deepEqual(await validate(url, String(body.access_token)), { authenticated: false })
      assertInvalidGrant(await postRefresh(url, body.refresh_token))
    }
  })

  it('refuses what has not the form of a refresh token', async (t) => {
    const { url } = await startJwtAuth(t)
    const { refresh } = await logInJwt(url)
    const others = ['', 'x', `${refresh}x`, refresh.slice(1), refresh.replace('sp_f', 'sp_s')]

    for (const other of others) assertInvalidGrant(await postRefresh(url, other))

    await refreshOn(url, { access: '', refresh })
  })

  it('refuses a body without a refresh token, or with one that is no text', async (t) => {
    const { url } = await startJwtAuth(t)

    const answers = [await post(`${url}/refresh`, { json: {} }), await postRefresh(url, 7)]

    for (const { status, body } of answers)
      assert.deepEqual([status, body.error], [400, 'invalid_request'])
  })
})

function rawRefresh(url: string, refresh_token: string): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ refresh_token })
  return fetch(`${url}/refresh`, { method: 'POST', headers, body })
}
