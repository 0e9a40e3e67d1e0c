/** Passwords that are shown to change what is behind them. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { createQueue } from '../../../src/passwords/queue.ts'
import { cheapPasswords } from '../../kit/auth-parts.ts'
import { countedDerivations } from '../../kit/derivations.ts'
import { createGate } from '../../kit/gate.ts'
import { waitUntil } from '../../kit/processes.ts'
import { ann, assertRefused, password, startAccounts } from './accounts-kit.ts'

async function start(t: TestContext, maxWaiting = 100) {
  const derivations = countedDerivations()
  const queue = createQueue({ concurrency: 1, maxWaiting })
  const passwords = cheapPasswords({ deriveKey: derivations.deriveKey, queue })
  const auth = await startAccounts(t, { passwords })
  await auth.register()
  const token = await auth.logIn()
  derivations.takeAll()
  const leave = (shown: string) => auth.call('DELETE', '/me', { token, json: { password: shown } })
  return { ...auth, derivations, queue, token, leave }
}

describe('a password that is shown for an account', () => {
  it('is counted where it is wrong, and not where it is right', async (t) => {
    const { call, logIn } = await start(t)

    for (let times = 0; times < 25; times++) {
      const json = { current_password: password, new_password: password }
      const { status } = await call('POST', '/me/password', { token: await logIn(ann), json })
      assert.equal(status, 204)
    }

    const token = await logIn(ann)
    const answer = await call('DELETE', '/me', { token, json: { password: 'wrong' } })
    assertRefused(answer, 401, 'invalid_credentials')
  })

  it('is checked for no more than twenty who come at once with wrong ones', async (t) => {
    const { leave, derivations } = await start(t)

    const answers = await Promise.all(Array.from({ length: 30 }, () => leave('wrong')))

    assert.equal(answers.filter(({ status }) => status === 401).length, 20)
    assert.equal(answers.filter(({ status }) => status === 429).length, 10)
    assert.equal(derivations.takeAll().length, 20)
    const refused = answers.find(({ status }) => status === 429)
    assert.equal(refused?.headers.get('retry-after'), '900')
  })

  it('is looked at for no more than twenty who come at once with right ones', async (t) => {
    const { leave, queue } = await start(t)
    const gate = createGate()
    const occupied = queue(() => gate.opened)
    const statuses: number[] = []
    const leaving = Array.from({ length: 30 }, async () => {
      const { status } = await leave(password)
      statuses.push(status)
    })

    await waitUntil(() => statuses.length === 10)

    assert.deepEqual(new Set(statuses), new Set([429]))
    gate.open()
    await Promise.all([occupied, ...leaving])
    assert.equal(statuses.filter((status) => status === 429).length, 10)
    assert.ok(statuses.includes(204))
  })

  it('is not counted where nobody could check it', async (t) => {
    const { leave, queue } = await start(t, 0)
    const gate = createGate()
    const occupied = queue(() => gate.opened)
    for (let times = 0; times < 25; times++)
      assertRefused(await leave(password), 503, 'temporarily_unavailable')
    gate.open()
    await occupied

    const { status } = await leave(password)

    assert.equal(status, 204)
  })
})
