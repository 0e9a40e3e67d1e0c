/** No fault lets anybody in, none is a 429, and none costs anybody a free attempt. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { capability } from '../../../src/auth/capability.ts'
import { throttle } from '../../../src/auth/throttle/register.ts'
import { Refusal, unavailable } from '../../../src/http/refusal.ts'
import { createQueue } from '../../../src/passwords/queue.ts'
import { memoryTokenStore } from '../../../src/storage/memory/tokens.ts'
import { memoryUserStore } from '../../../src/storage/memory/users.ts'
import { cheapPasswords, correct } from '../../kit/auth-parts.ts'
import { createGate } from '../../kit/gate.ts'
import { startThrottledAuth, throttleOn, times, wrong } from './throttled-auth.ts'

const fault = async () => {
  throw unavailable('The token store did not answer in time.')
}

describe('a login that ends without a verdict', () => {
  it('costs nothing where the hashing queue is full', async (t) => {
    const queue = createQueue({ concurrency: 1, maxWaiting: 0 })
    const passwords = cheapPasswords({ queue })
    const { logIn, statusesOf } = await startThrottledAuth(t, { passwords })
    const gate = createGate()
    const occupied = queue(() => gate.opened)

    const statuses = await statusesOf(times(120, correct))

    assert.deepEqual(new Set(statuses), new Set([503]))
    gate.open()
    await occupied
    assert.equal((await logIn()).status, 200)
  })

  it('costs nothing where the users cannot be asked', async (t) => {
    const users = memoryUserStore()
    const { logIn, statusesOf } = await startThrottledAuth(t, { users })
    const failing = t.mock.method(users, 'findByUsername', fault)

    const statuses = await statusesOf(times(120, wrong))

    assert.deepEqual(new Set(statuses), new Set([503]))
    failing.mock.restore()
    assert.equal((await logIn()).status, 200)
  })

  it('costs nothing where no token can be issued', async (t) => {
    const tokens = memoryTokenStore({ now: Date.now, maxTokens: 2, reservedPlaces: 2 })
    const { statusesOf } = await startThrottledAuth(t, { tokens })

    const statuses = await statusesOf(times(120, correct))

    assert.deepEqual(new Set(statuses), new Set([503]))
  })

  it('costs nothing where another step refuses it', async (t) => {
    const refusing = async () => {
      throw new Refusal('not_found', 'Not here.')
    }
    const other = capability({ name: 'other', register: () => ({ login: { begun: refusing } }) })
    for (const capabilities of [
      [throttle, other],
      [other, throttle],
    ]) {
      const { statusesOf } = await startThrottledAuth(t, { capabilities })

      const statuses = await statusesOf(times(120, correct))

      assert.deepEqual(new Set(statuses), new Set([404]))
    }
  })
})

describe('counters that cannot be asked', () => {
  it('let nobody in, and nothing be hashed', async (t) => {
    const capabilities = [throttleOn(() => ({ begin: fault }))]
    const { logIn, derivations } = await startThrottledAuth(t, { capabilities })

    const [right, mistyped] = [await logIn(correct), await logIn(wrong)]

    assert.deepEqual([right.status, mistyped.status], [503, 503])
    assert.match(right.headers.get('retry-after') ?? '', /^[1-9]\d*$/)
    assert.deepEqual(derivations.takeAll(), [])
  })

  it('keep what they could not count a secret', async (t) => {
    const capabilities = [throttleOn(() => ({ fail: fault }))]
    const { logIn } = await startThrottledAuth(t, { capabilities })

    const { status, body } = await logIn(wrong)

    assert.equal(status, 503)
    assert.equal(body.error, 'temporarily_unavailable')
  })

  it('do not fail a login that has its token already', async (t) => {
    const capabilities = [throttleOn(() => ({ succeed: fault }))]
    const { logIn, log } = await startThrottledAuth(t, { capabilities })

    const { status } = await logIn(correct)

    assert.equal(status, 200)
    assert.equal(log.find('a login was not refunded').length, 1)
  })

  it('do not hide what else has failed', async (t) => {
    const capabilities = [throttleOn(() => ({ abandon: fault }))]
    const users = memoryUserStore()
    const { logIn, log } = await startThrottledAuth(t, { capabilities, users })
    t.mock.method(users, 'findByUsername', () => Promise.reject(new TypeError('broken')))

    const { status } = await logIn(correct)

    assert.equal(status, 500)
    assert.equal(log.find('a login was not refunded').length, 1)
  })
})
