import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { mails as templates } from '../../../src/auth/accounts/mail-templates.ts'
import { createTellOfNewPlaces } from '../../../src/auth/accounts/tell-of-new-places.ts'
import { loginFromNewPlace } from '../../../src/auth/security-events.ts'
import { unavailable } from '../../../src/http/refusal.ts'
import { createGate } from '../../kit/gate.ts'
import { recordedLog } from '../../kit/log.ts'
import { waitUntil } from '../../kit/processes.ts'
import { ann, password, startAccounts } from './accounts-kit.ts'

const template = templates.newPlace
const common = { requestId: 'abcdef-0001', source: '203.0.113.1' }
const untold = 'a user was not told of a login from a new place'

describe('a user whose login came from a new place', () => {
  it('is told by mail, at the address of the account', async (t) => {
    const { register, core, mails, looks, addressOf } = await startAccounts(t)
    const { id } = await register()

    core.report({ type: loginFromNewPlace, sub: id, ...common })
    await waitUntil(() => looks() === 1)

    assert.deepEqual(mails, [{ template, sub: id }])
    assert.equal(await addressOf({ template, sub: id }), ann.username)
  })

  it('is told at the former address where another one was asked for since', async (t) => {
    const { call, register, logIn, mailed, addressOf } = await startAccounts(t)
    const { id } = await register()
    const json = { username: 'thief@example.org', password }
    await call('POST', '/me/username', { token: await logIn(), json })
    const token = await mailed('accounts/change-username', id)
    const { status } = await call('POST', '/me/username/finish', { json: { token } })

    assert.equal(status, 204)
    assert.equal(await addressOf({ template, sub: id }), ann.username)
  })

  it('is told of nothing else', async (t) => {
    const { register, core, mails } = await startAccounts(t)
    const { id } = await register()

    core.report({ type: 'login_succeeded', sub: id, ...common })
    core.report({ type: loginFromNewPlace, ...common })

    assert.deepEqual(mails, [])
  })

  it('is told nothing where nobody sends mail, which is no fault', async (t) => {
    const { register, core, log } = await startAccounts(t, { hasOutbox: false })
    const { id } = await register()

    core.report({ type: loginFromNewPlace, sub: id, ...common })
    await new Promise(setImmediate)

    assert.deepEqual(log.find(untold), [])
  })

  it('is not told where the outbox fails, which is logged', async (t) => {
    const { register, core, log, outbox, looks } = await startAccounts(t)
    const { id } = await register()
    t.mock.method(outbox, 'add', () => {
      throw unavailable('The outbox is full.')
    })

    core.report({ type: loginFromNewPlace, sub: id, ...common })
    await waitUntil(() => log.find(untold).length === 1)

    const [line] = log.find(untold)
    assert.deepEqual([line?.sub, line?.request_id, looks()], [id, common.requestId, 0])
    assert.ok(!log.text().includes(ann.username))
  })

  it('is told also by a server that is just being stopped', async () => {
    const gate = createGate()
    const filed: string[] = []
    const { hear, settle } = createTellOfNewPlaces({
      mailStore: {
        ask: async (requests) => {
          await gate.opened
          filed.push(...requests.map(({ sub }) => sub))
        },
      },
      post: { look: () => {} },
      log: recordedLog(),
    })
    hear({ type: loginFromNewPlace, sub: 'ann', ...common })

    const settled = settle()
    gate.open()
    await settled

    assert.deepEqual(filed, ['ann'])
  })
})
