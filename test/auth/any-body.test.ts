/** Whatever JSON a stranger sends, it is the stranger's mistake and not ours. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { bearer, post } from '../kit/auth-calls.ts'
import { correct } from '../kit/auth-parts.ts'
import { logIn, serviceTokenOf, startTestAuth } from '../kit/servers.ts'

const anyJson = fc.jsonValue({ stringUnit: 'binary' })
const numRuns = 100

describe('any JSON as a body', () => {
  it('is answered by /login with 200, 400 or 401', async (t) => {
    const { url } = await startTestAuth(t)
    const anyLogin = fc.oneof(
      anyJson,
      fc.record({ username: anyJson, password: anyJson }),
      fc.record({ username: fc.string({ unit: 'binary' }), password: fc.string() }),
      fc.record({ username: fc.constant(correct.username), password: anyJson }),
    )

    await fc.assert(
      fc.asyncProperty(anyLogin, async (json) => {
        const { status } = await post(`${url}/login`, { json })
        assert.ok([200, 400, 401].includes(status), String(status))
      }),
      { numRuns },
    )
  })

  it('is answered by /validateToken with 200 or 400, and one result for each member', async (t) => {
    const { url } = await startTestAuth(t)
    const authorization = bearer(await serviceTokenOf(url))
    const token = await logIn(url)
    const anyMember = fc.oneof(anyJson, fc.constant(token))
    const anyQuestion = fc.oneof(
      anyJson,
      fc.record({ token: anyMember }),
      fc.record({ tokens: fc.array(anyMember) }),
    )

    await fc.assert(
      fc.asyncProperty(anyQuestion, async (json) => {
        const { status } = await post(`${url}/validateToken`, { authorization, json })
        assert.ok([200, 400].includes(status), String(status))
      }),
      { numRuns },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(anyMember), async (members) => {
        const json = { tokens: members }
        const { body } = await post(`${url}/validateToken`, { authorization, json })
        const results = body.results as { authenticated: boolean }[] // asserted by what follows
        assert.deepEqual(
          results.map(({ authenticated }) => authenticated),
          members.map((member) => member === token),
        )
      }),
      { numRuns },
    )
  })
})
