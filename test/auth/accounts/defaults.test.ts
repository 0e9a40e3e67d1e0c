import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { accounts } from '../../../src/auth/accounts/register.ts'
import { extensionsOf } from '../../../src/auth/capability.ts'
import { type Environment, readConfig } from '../../../src/config.ts'
import { problemsOf } from '../../kit/config-problems.ts'
import { ann, assertRefused, startAccounts } from './accounts-kit.ts'

const extensions = extensionsOf([accounts])

describe('the variables of accounts', () => {
  it('say by default in production that addresses are verified first', async (t) => {
    const { core } = await startAccounts(t)
    const config = readConfig({}, ['auth'], extensions)

    const { routes = [] } = await accounts.register({ ...core, environment: 'production' }, config)

    const begin = routes.find(({ path }) => path === '/register')?.endpoints.POST
    assert.deepEqual(Object.keys(begin?.answers ?? {}), ['202'])
  })

  it('can ask for longer passwords', async (t) => {
    const environment: Environment = { MIN_PASSWORD_LENGTH: '30' }
    const { call, users } = await startAccounts(t, { environment })

    assertRefused(await call('POST', '/register', { json: ann }), 400, 'invalid_request')

    assert.equal(await users.findByUsername(ann.username), undefined)
  })

  it('are refused where they are none', () => {
    const environment = { REGISTRATION: 'perhaps', MIN_PASSWORD_LENGTH: '7' }

    assert.deepEqual(problemsOf(environment, ['auth'], extensions), [
      'REGISTRATION must be one of open, verified, closed.',
      'MIN_PASSWORD_LENGTH must be a whole number from 8 to 64.',
    ])
  })
})
