import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { startAdmin } from './known-accounts.ts'

const endpoints = [
  ['GET', '/admin/users'],
  ['GET', '/admin/users/b'],
  ['PATCH', '/admin/users/b', { disabled: true }],
  ['DELETE', '/admin/users/b/sessions'],
  ['GET', '/admin/tokens'],
] as const

describe('an endpoint for administrators', () => {
  for (const [method, path, body] of endpoints) {
    it(`refuses an ordinary user at ${method} ${path}, and changes nothing`, async (t) => {
      const { call, calls } = await startAdmin(t, { scope: 'administer admins' })

      const { status, body: answer } = await call(method, path, body)

      assert.deepEqual([status, answer.error], [403, 'insufficient_scope'])
      assert.deepEqual(calls, [])
    })

    it(`refuses a dead session at ${method} ${path}, and changes nothing`, async (t) => {
      const { call, calls, tokens, user, core } = await startAdmin(t)
      await tokens.revokeSubject(user.id, core.userPurposes())

      const { status, body: answer } = await call(method, path, body)

      assert.deepEqual([status, answer.error], [401, 'invalid_token'])
      assert.deepEqual(calls, [])
    })
  }

  it('lets in who may do more than administer', async (t) => {
    const { call } = await startAdmin(t, { scope: 'read admin write' })

    assert.equal((await call('GET', '/admin/users')).status, 200)
  })

  it('finds no accounts where nobody keeps any', async (t) => {
    const { call } = await startAdmin(t, { withAccounts: false })

    assert.equal((await call('GET', '/admin/users')).status, 404)
    assert.equal((await call('DELETE', '/admin/users/b/sessions')).status, 404)
    assert.equal((await call('GET', '/admin/tokens')).status, 200)
  })
})
