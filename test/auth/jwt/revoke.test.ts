import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { unavailable } from '../../../src/http/refusal.ts'
import { memoryTokenStore } from '../../../src/storage/memory/tokens.ts'
import { post } from '../../kit/auth-calls.ts'
import { logIn, serviceTokenOf } from '../../kit/servers.ts'
import {
  assertInvalidGrant,
  claimsIn,
  isActive,
  logInJwt,
  postRefresh,
  postRevocation,
  refreshOn,
  startJwtAuth,
  validate,
} from './jwt-kit.ts'

describe('POST /revoke', () => {
  it('ends with an access token its family, from the next validation on', async (t) => {
    const { url } = await startJwtAuth(t)
    const first = await logInJwt(url)
    const second = await refreshOn(url, first)
    const other = await logInJwt(url)

    const answer = await postRevocation(url, first.access)

    assert.deepEqual([answer.status, answer.body], [200, {}])
    assert.deepEqual(await validate(url, first.access), { authenticated: false })
    assert.deepEqual(await validate(url, second.access), { authenticated: false })
    assertInvalidGrant(await postRefresh(url, second.refresh))
    assert.equal((await validate(url, other.access)).authenticated, true)
  })

  it('ends with a refresh token its family, also with a spent one', async (t) => {
    const { url } = await startJwtAuth(t)
    const first = await logInJwt(url)
    const second = await refreshOn(url, first)

    const answer = await postRevocation(url, first.refresh)

    assert.equal(answer.status, 200)
    assertInvalidGrant(await postRefresh(url, second.refresh))
    assert.deepEqual(await validate(url, second.access), { authenticated: false })
  })

  it('ends a session and a service token', async (t) => {
    const { url } = await startJwtAuth(t)
    const [session, service] = [await logIn(url), await serviceTokenOf(url)]

    const answers = [await postRevocation(url, session), await postRevocation(url, service)]

    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200],
    )
    assert.deepEqual(await validate(url, session), { authenticated: false })
    assert.equal(await isActive(url, service), false)
  })

  it('reports what it ended, by its public id', async (t) => {
    const { url, events, user } = await startJwtAuth(t)
    const pair = await logInJwt(url)

    await postRevocation(url, pair.refresh)
    await postRevocation(url, pair.refresh)

    const reported = events.filter(({ type }) => type === 'token_revoked')
    assert.deepEqual(
      reported.map(({ sub, session, details }) => ({ sub, session, details })),
      [{ sub: user.id, session: claimsIn(pair.access).sid, details: { purpose: 'refresh' } }],
    )
  })

  it('answers the same for what is unknown, dead or of no kind, and ends nothing', async (t) => {
    const { url, clock, events } = await startJwtAuth(t)
    const dead = await logInJwt(url)
    clock.advance(300_000)
    const alive = await logInJwt(url)
    const others = [dead.access, 'x', 'x.y.z', '', `sp_z_${'a'.repeat(12)}_${'b'.repeat(43)}`]

    const answers = await Promise.all(others.map((token) => postRevocation(url, token)))

    for (const { status, body } of answers) assert.deepEqual([status, body], [200, {}])
    assert.equal(await isActive(url, dead.refresh), true)
    assert.equal(await isActive(url, alive.refresh), true)
    assert.equal(events.filter(({ type }) => type === 'token_revoked').length, 0)
  })

  it('takes a hint for what it is, and JSON', async (t) => {
    const { url } = await startJwtAuth(t)
    const { refresh } = await logInJwt(url)

    const json = { token: refresh, token_type_hint: 'access_token' }
    const { status } = await post(`${url}/revoke`, { json })

    assert.equal(status, 200)
    assert.equal(await isActive(url, refresh), false)
  })

  it('refuses a body without a token', async (t) => {
    const { url } = await startJwtAuth(t)

    const { status, body } = await post(`${url}/revoke`, { form: 'token_type_hint=access_token' })

    assert.deepEqual([status, body.error], [400, 'invalid_request'])
  })

  it('is a 503 where the store fails, never a 200', async (t) => {
    const store = memoryTokenStore({ now: Date.now, maxTokens: 100, reservedPlaces: 1 })
    let isDown = false
    const failing = async (): Promise<never> => {
      throw unavailable('down')
    }
    const tokens = {
      ...store,
      marks: (...asked: Parameters<typeof store.marks>) =>
        isDown ? failing() : store.marks(...asked),
      revoke: failing,
    }
    const { url } = await startJwtAuth(t, { tokens })
    const [session, pair] = [await logIn(url), await logInJwt(url)]
    isDown = true

    const answers = [
      await postRevocation(url, session),
      await postRevocation(url, pair.refresh),
      await postRevocation(url, pair.access),
    ]
    isDown = false

    assert.deepEqual(
      answers.map(({ status }) => status),
      [503, 503, 503],
    )
    assert.equal((await validate(url, pair.access)).authenticated, true)
  })
})
