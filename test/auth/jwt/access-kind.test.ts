import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { capability } from '../../../src/auth/capability.ts'
import { createAccessKind, type PeekFamilies } from '../../../src/auth/jwt/access-kind.ts'
import { unavailable } from '../../../src/http/refusal.ts'
import { bearer, post } from '../../kit/auth-calls.ts'
import { logIn, serviceTokenOf, startTestAuth } from '../../kit/servers.ts'
import { assertUnavailable } from '../../storage/contract.ts'
import { openTestAccess, request } from './access-kit.ts'

const killFamily = async () => undefined
const dead = { authenticated: false }

/** Families of which some are revoked, and what was asked about them. */
async function openKind(revoked: readonly string[] = []) {
  const access = await openTestAccess()
  const asked: string[][] = []
  const peekFamilies: PeekFamilies = async (families) => {
    asked.push(families.map(({ sub, sid }) => `${sub} ${sid}`))
    return families.map(({ sid }) => !revoked.includes(sid))
  }
  const kind = createAccessKind({
    ...access,
    peekFamilies,
    killFamily,
    now: () => access.ring.now(),
  })
  return { ...access, kind, asked }
}

describe('access tokens at the validation', () => {
  it('are good while their family lives, and no name, cap or count is said', async () => {
    const { kind, clock, pass, mint } = await openKind()
    const issuedAt = clock.now() / 1000
    const token = await mint()
    await pass(100_001)

    const validations = await kind.validate([token])

    assert.deepEqual(validations, [
      {
        authenticated: true,
        sub: request.sub,
        scope: request.scope,
        purpose: 'access',
        issued_at: issuedAt,
        expires_in: 199,
      },
    ])
  })

  it('are dead as soon as their family is', async () => {
    const { kind, mint } = await openKind(['revoked'])

    const validations = await kind.validate([
      await mint({ ...request, sid: 'revoked' }),
      await mint({ ...request, sid: 'another' }),
    ])

    assert.deepEqual(
      validations.map(({ authenticated }) => authenticated),
      [false, true],
    )
  })

  it('are answered in their order, and families of good ones alone are asked about, in one call', async () => {
    const { kind, asked, mint } = await openKind()
    const [one, other] = [
      await mint({ ...request, sid: '1' }),
      await mint({ ...request, sid: '2' }),
    ]

    const validations = await kind.validate(['a.b.c', one, `${one}x`, other])

    assert.deepEqual(
      validations.map(({ authenticated }) => authenticated),
      [false, true, false, true],
    )
    assert.deepEqual(asked, [[`${request.sub} 1`, `${request.sub} 2`]])
  })

  it('ask about no family where none is good', async () => {
    const { kind, asked } = await openKind()

    assert.deepEqual(await kind.validate(['a.b.c']), [dead])
    assert.deepEqual(asked, [])
  })

  it('are dead where a family is not answered for', async () => {
    const access = await openTestAccess()
    const kind = createAccessKind({
      ...access,
      peekFamilies: async () => [],
      killFamily,
      now: access.clock.now,
    })

    assert.deepEqual(await kind.validate([await access.mint()]), [dead])
    assert.equal(await kind.find(await access.mint()), undefined)
  })

  it('are a 503 where the families cannot be asked about', async () => {
    const access = await openTestAccess()
    const peekFamilies = async () => {
      throw unavailable('Not now.')
    }
    const kind = createAccessKind({ ...access, peekFamilies, killFamily, now: access.clock.now })

    await assertUnavailable(kind.validate([await access.mint()]))
    await assertUnavailable(kind.find(await access.mint()))
  })

  it('say who calls, while their family lives', async () => {
    const { kind, mint } = await openKind(['revoked'])
    const [living, revoked] = [await mint(), await mint({ ...request, sid: 'revoked' })]

    const callers = [await kind.find(living), await kind.find(revoked)]

    const { sub, sid: id, scope } = request
    assert.deepEqual(callers, [{ id, sub, scope }, undefined])
  })

  it('say nothing of who calls where they are not good, nor five minutes after', async () => {
    const { kind, asked, pass, mint } = await openKind()
    const token = await mint()

    const forged = await kind.find(`${token}x`)
    await pass(300_000)
    const late = await kind.find(token)

    assert.deepEqual([forged, late, asked], [undefined, undefined, []])
  })

  it('are told from all else by their form', async () => {
    const { kind, mint } = await openKind()
    const token = await mint()
    const others = [
      '',
      '.',
      '..',
      'a.b',
      'a.b.c.d',
      'a.b.',
      '.b.c',
      `${token}\n`,
      `sp_s_${'a'.repeat(56)}`,
    ]

    assert.equal(kind.hasShape(token), true)
    assert.equal(kind.hasShape('a.b.c'), true)
    assert.deepEqual(
      others.filter((other) => kind.hasShape(other)),
      [],
    )
    assert.equal(kind.hasShape(`a.b.${'c'.repeat(4_092)}`), true)
    assert.equal(kind.hasShape(`a.b.${'c'.repeat(4_093)}`), false)
  })

  it('stand beside sessions, and neither is taken for the other', async (t) => {
    const { kind, mint } = await openKind()
    const adding = capability({ name: 'test', register: () => ({ kinds: [kind] }) })
    const { url } = await startTestAuth(t, { capabilities: [adding] })
    const [session, access] = [await logIn(url), await mint()]
    const authorization = bearer(await serviceTokenOf(url))

    const json = { tokens: [access, session, `${access}x`, `${session}x`] }
    const { body } = await post(`${url}/validateToken`, { authorization, json })
    const data = await post(`${url}/logout`, { authorization: bearer(access) })

    const results = body.results as { purpose?: string }[]
    assert.deepEqual(
      results.map(({ purpose }) => purpose),
      ['access', 'session', undefined, undefined],
    )
    assert.equal(data.status, 204)
    const again = await post(`${url}/validateToken`, { authorization, json: { token: access } })
    assert.equal(again.body.purpose, 'access')
  })
})
