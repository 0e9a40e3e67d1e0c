import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { audit } from '../../../src/auth/audit/register.ts'
import { extensionsOf } from '../../../src/auth/capability.ts'
import type { Environment } from '../../../src/config.ts'
import { goodSecret, problemsOf } from '../../kit/config-problems.ts'
import { demoClient } from '../../kit/demo.ts'

function problems(environment: Environment, programs: readonly string[] = ['auth']) {
  const all = problemsOf(environment, programs, extensionsOf([audit]))
  return all.filter((sentence) => sentence.startsWith('AUDIT_HASH_SECRET'))
}

describe('the secret of the audit', () => {
  it('is not the well-known one in production', () => {
    const sample = { APP_ENV: 'production', AUDIT_HASH_SECRET: demoClient.secret }

    const [auth, migrate] = [problems(sample), problems(sample, ['migrate'])]

    assert.deepEqual(auth, [
      'AUDIT_HASH_SECRET must not be the well-known secret of the demo in production: whoever knows it can guess user names.',
    ])
    assert.deepEqual(migrate, [])
  })

  it('may be one of your own or missing in production, and any in the demo', () => {
    const good: readonly Environment[] = [
      { APP_ENV: 'production', AUDIT_HASH_SECRET: goodSecret },
      { APP_ENV: 'production' },
      { APP_ENV: 'demo', AUDIT_HASH_SECRET: demoClient.secret },
    ]

    for (const environment of good) assert.deepEqual(problems(environment), [])
  })
})
