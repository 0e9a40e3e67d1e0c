import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { familySessions } from '../../../src/auth/jwt/family-sessions.ts'
import { unavailable } from '../../../src/http/refusal.ts'
import { readAnswer } from '../../kit/auth-calls.ts'
import { correct } from '../../kit/auth-parts.ts'
import { assertUnavailable, hostileTexts } from '../../storage/contract.ts'
import { refreshPurpose } from './families-kit.ts'
import {
  assertInvalidGrant,
  claimsIn,
  logInJwt,
  pairIn,
  postRefresh,
  refreshOn,
  startJwtAuth,
  validate,
} from './jwt-kit.ts'

/** auth, and what it offers to whoever shows users their logins. */
async function start(...[t, options]: Parameters<typeof startJwtAuth>) {
  const auth = await startJwtAuth(t, options)
  const [kind] = auth.core.sessionKinds()
  assert.ok(kind !== undefined)
  return { ...auth, kind }
}

describe('logins for JWTs, as their users see them', () => {
  it('say since when, from where and how they live', async (t) => {
    const { url, user, clock, kind } = await start(t)
    const begun = clock.now()
    const first = await logInJwt(url)
    clock.advance(60_000)
    await refreshOn(url, first)
    clock.advance(1_000)

    const sessions = await kind.list(user.id)

    assert.equal(kind.purpose, 'refresh')
    assert.deepEqual(sessions, [
      {
        id: claimsIn(first.access).sid,
        source: '127.0.0.1',
        refreshCount: 1,
        issuedAt: begun,
        lastUsedAt: begun + 60_000,
        expiresAt: begun + 2_592_000_000,
        judgedAt: begun + 61_000,
      },
    ])
  })

  it('come from where a proxy of ours saw the login, wherever they are refreshed', async (t) => {
    const { url, user, kind } = await start(t, { trustedProxyHops: 1 })
    const headers = { 'content-type': 'application/json', 'x-forwarded-for': '10.0.0.1, 192.0.2.7' }
    const body = JSON.stringify(correct)
    const login = await fetch(`${url}/login/jwt`, { method: 'POST', headers, body })
    await refreshOn(url, pairIn(await readAnswer(login)))

    const [session] = await kind.list(user.id)

    assert.equal(session?.source, '192.0.2.7')
  })

  it('end by their ids, one at a time, and for their own user alone', async (t) => {
    const { url, user, kind } = await start(t)
    const [pair, other] = [await logInJwt(url), await logInJwt(url)]
    const id = String(claimsIn(pair.access).sid)

    const byStranger = await kind.end('somebody else', id)
    const isGoodAfter = (await validate(url, pair.access)).authenticated
    const [first, second] = [await kind.end(user.id, id), await kind.end(user.id, id)]

    assert.deepEqual([byStranger, isGoodAfter, first, second], [false, true, true, false])
    assert.deepEqual(await validate(url, pair.access), { authenticated: false })
    assertInvalidGrant(await postRefresh(url, pair.refresh))
    await refreshOn(url, other)
  })

  it('are not looked for by what is no id', async () => {
    const kill = async () => assert.fail('it was looked for')
    const kind = familySessions({
      families: { list: async () => [], peek: kill, kill },
      purpose: refreshPurpose,
    })
    const id = 'x'.repeat(22)
    const texts = [...hostileTexts.map(([, text]) => text), '', `${id}:answer`, `${id}\n`, `${id}x`]

    for (const text of texts) assert.equal(await kind.end('somebody', text), false)
  })

  it('are not killed where there is none, since a kill waits for replicas', async () => {
    const kill = async () => assert.fail('it was killed')
    const families = { list: async () => [], peek: async () => [undefined], kill }
    const kind = familySessions({ families, purpose: refreshPurpose })

    assert.equal(await kind.end('somebody', 'x'.repeat(22)), false)
  })

  it('are a 503 where nobody can tell', async () => {
    const fail = async () => {
      throw unavailable('Not now.')
    }
    const families = { list: fail, peek: fail, kill: fail }
    const kind = familySessions({ families, purpose: refreshPurpose })

    await assertUnavailable(kind.list('somebody'))
    await assertUnavailable(kind.end('somebody', 'x'.repeat(22)))
  })

  it('are counted, and are no tokens', async (t) => {
    const { url, core } = await start(t)
    await logInJwt(url)
    await refreshOn(url, await logInJwt(url))

    const censuses = await Promise.all(core.censuses().map((take) => take()))

    assert.deepEqual(censuses, [{ counts: { refresh: 2 }, isSampled: false }])
    assert.deepEqual((await core.tokens.census()).counts, {})
  })
})
