import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createUntoldFailures } from '../../../src/auth/throttle/untold-failures.ts'

const at = 1_000_000

describe('untold failures in memory', () => {
  it('do not grow, and those go first that are the oldest', () => {
    const failures = createUntoldFailures({ untoldForMilliseconds: 1_000 }, 10)
    for (let index = 0; index < 10; index++) failures.add(`account ${index}`, at)
    failures.add('account 0', at)

    for (let index = 0; index < 9; index++) failures.add(`other ${index}`, at)

    assert.equal(failures.size, 10)
    assert.deepEqual(
      [failures.take('account 0', at), failures.take('account 1', at)],
      [true, false],
    )
  })

  it('leave nothing behind once they are told', () => {
    const failures = createUntoldFailures({ untoldForMilliseconds: 1_000 })
    failures.add('account', at)

    failures.take('account', at)

    assert.equal(failures.size, 0)
  })
})
