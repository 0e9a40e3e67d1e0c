import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { capability } from '../../src/auth/capability.ts'
import { checkScope } from '../../src/auth/check-scope.ts'
import { checkSession } from '../../src/auth/check-session.ts'
import type { LoginAttempt } from '../../src/auth/login-steps.ts'
import { route } from '../../src/http/router.ts'
import { object, text } from '../../src/http/shape.ts'
import { bearer, readAnswer } from '../kit/auth-calls.ts'
import { endpoint } from '../kit/endpoint.ts'
import { logIn, startTestAuth } from '../kit/servers.ts'

/** What an endpoint that wants the scope `admin` answers to a session with this scope, and how often it acted. */
async function answerWith(t: TestContext, scope: string) {
  let acts = 0
  const wantsScope = capability({
    name: 'test',
    register: ({ tokens, purposes, kinds }) => ({
      login: {
        checked: async (attempt: LoginAttempt) => {
          attempt.scope = scope
        },
      },
      routes: [
        route('/guarded', {
          GET: endpoint({
            access: 'user',
            refusals: ['insufficient_scope'],
            answers: { 200: object({ sub: text() }) },
          }).handle(async (call) => {
            const dependencies = { tokens, purpose: purposes.session, kinds }
            const session = await checkSession(dependencies, call)
            checkScope(session, 'admin')
            acts++
            return { status: 200, body: { sub: session.sub } }
          }),
        }),
      ],
    }),
  })
  const { url, user } = await startTestAuth(t, { capabilities: [wantsScope] })
  const authorization = bearer(await logIn(url))
  const ask = async (headers: Record<string, string>) =>
    await readAnswer(await fetch(`${url}/guarded`, { headers }))
  return { answer: await ask({ authorization }), bare: await ask({}), user, acts }
}

describe('a call for which a session needs a scope', () => {
  it('is let in with that scope, among others or alone', async (t) => {
    for (const scope of ['admin', 'one admin two']) {
      const { answer, user, acts } = await answerWith(t, scope)

      assert.deepEqual([answer.status, answer.body.sub, acts], [200, user.id, 1])
    }
  })

  it('is refused without it, and with what only looks like it', async (t) => {
    for (const scope of ['', 'one', 'admins admin:read ADMIN']) {
      const { answer, acts } = await answerWith(t, scope)

      assert.deepEqual([answer.status, answer.body.error, acts], [403, 'insufficient_scope', 0])
      assert.match(answer.headers.get('www-authenticate') ?? '', /error="insufficient_scope"/)
    }
  })

  it('is refused without a session before its scope is asked for', async (t) => {
    const { bare } = await answerWith(t, 'admin')

    assert.deepEqual([bare.status, bare.body.error], [401, 'missing_token'])
  })
})
