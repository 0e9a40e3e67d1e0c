import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { local } from '../../../src/business/local/register.ts'
import { problemsOf } from '../../kit/config-problems.ts'

const problems = (environment: Readonly<Record<string, string>>) =>
  problemsOf(environment, ['business'], [local.extension]).filter((one) =>
    /VALIDATION|ISSUER|AUDIENCE/.test(one),
  )

describe('the variables of local validation', () => {
  it('need nothing in a demo', () => {
    assert.deepEqual(problems({ VALIDATION: 'local' }), [])
  })

  it('must be said in production where they are used', () => {
    assert.deepEqual(problems({ APP_ENV: 'production', VALIDATION: 'local' }), [
      'ISSUER must be set in production where VALIDATION is local.',
      'AUDIENCE must be set in production where VALIDATION is local.',
    ])
    assert.deepEqual(problems({ APP_ENV: 'production' }), [])
  })

  it('refuse what they cannot mean', () => {
    assert.deepEqual(problems({ VALIDATION: 'LOCAL', ISSUER: 'a b', AUDIENCE: 'one,,two' }), [
      'VALIDATION must be one of ask, local.',
      'ISSUER must be the ISSUER of auth.',
      'AUDIENCE must be the name of this server among those of auth, or several with commas between them.',
    ])
  })
})
