import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { callerOf, checkCallerScope, createCheckCaller } from '../../src/business/caller.ts'
import type { Validate } from '../../src/business/validator.ts'
import { Refusal } from '../../src/http/refusal.ts'
import type { AccessValidation, SessionValidation } from '../../src/validation.ts'
import { callOf } from '../kit/calls.ts'

const session: SessionValidation = {
  authenticated: true,
  sub: 'ann',
  name: 'Ann',
  scope: 'posts:moderate admin',
  purpose: 'session',
  issued_at: 1,
  expires_in: 30,
  cap_in: 60,
  refresh_count: 1,
}
const access: AccessValidation = {
  authenticated: true,
  sub: 'bob',
  scope: '',
  purpose: 'access',
  issued_at: 1,
  expires_in: 30,
}

const withToken = () => callOf({ rawHeaders: ['authorization', 'Bearer a-token'] })

describe('a caller', () => {
  it('has an id, a name and scopes, and of an access token no name', () => {
    assert.deepEqual(callerOf(session), {
      id: 'ann',
      name: 'Ann',
      scopes: new Set(['posts:moderate', 'admin']),
    })
    assert.deepEqual([callerOf(access).id, callerOf(access).name], ['bob', undefined])
  })

  it('is checked as tokens are by then, whatever came later than the check', async () => {
    let validate: Validate = async () => session
    const checkCaller = createCheckCaller(() => validate)
    const first = await checkCaller(withToken())

    validate = async () => access
    const second = await checkCaller(withToken())

    assert.deepEqual([first.id, second.id], ['ann', 'bob'])
  })

  it('without a token is refused, and nobody is asked', async () => {
    const checkCaller = createCheckCaller(() => () => assert.fail('there is nothing to ask about'))

    await assert.rejects(checkCaller(callOf({})), { code: 'missing_token' })
  })

  it('may do what one of the scopes is, letter by letter, and nothing else', () => {
    const caller = callerOf(session)

    for (const scope of ['posts:moderate', 'admin']) checkCallerScope(caller, scope)
    for (const scope of ['posts', 'Admin', 'posts:moderate admin', '', 'toString'])
      assert.throws(
        () => checkCallerScope(caller, scope),
        (error) => error instanceof Refusal && error.code === 'insufficient_scope',
      )
    assert.throws(() => checkCallerScope(callerOf(access), 'admin'), { code: 'insufficient_scope' })
  })
})
