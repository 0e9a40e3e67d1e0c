/** Users who are disabled or leave while their tokens are used. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import {
  ann,
  assertLogsIn,
  type Issued,
  issuedIn,
  startAccountAuths,
} from '../kit/account-auths.ts'
import { describeOnEachStore } from '../storage/each-store.ts'

describeOnEachStore('a user whose tokens are used meanwhile', (stores) => {
  it('gets nothing by a refresh that found him before he was disabled, also once he is enabled', async (t) => {
    const auths = await startAccountAuths(t, stores)
    const { logIn16Times, looks, refreshAll, setDisabled, livingOf } = auths
    const issued = issuedIn([...(await logIn16Times()), ...(await logIn16Times())])
    const { full, release } = looks.next(16)
    const refreshes = refreshAll(issued.refreshes)
    await full

    const disabled = await setDisabled(true)
    release()

    const refused = (await refreshes).map(({ body }) => body.error)
    assert.equal(disabled, 204)
    assert.deepEqual(refused, Array(16).fill('invalid_grant'))
    assert.deepEqual(await livingOf(issued), [])
    assert.equal(await setDisabled(false), 204)
    assert.deepEqual(await livingOf(issued), [])
    await assertLogsIn(auths)
  })

  it('keeps no token from refreshes while he is disabled, also once he is enabled', async (t) => {
    const auths = await startAccountAuths(t, stores)
    const { logIn16Times, looks, refreshAll, setDisabled, livingOf } = auths
    for (let round = 0; round < 6; round++) {
      const issued = issuedIn([...(await logIn16Times()), ...(await logIn16Times())])
      const { full, release } = looks.next(16)
      const refreshes = refreshAll(issued.refreshes)
      await full

      const disabling = setDisabled(true)
      for (let turn = 0; turn < 4 ** round; turn++) await setImmediate()
      release()

      const [disabled, answers] = await Promise.all([disabling, refreshes])
      const all = together(issued, issuedIn(answers))
      assert.equal(disabled, 204)
      assert.deepEqual(await livingOf(all), [], `round ${round}`)
      assert.equal(await setDisabled(false), 204)
      assert.deepEqual(await livingOf(all), [], `round ${round}`)
    }
    await assertLogsIn(auths)
  })

  it('is nobody once his account is deleted, however often he is validated meanwhile', async (t) => {
    const auths = await startAccountAuths(t, stores)
    const { logIn, logIn16Times, refreshAll, livingOf, call, register } = auths
    for (let round = 0; round < 3; round++) {
      const issued = issuedIn(await logIn16Times())
      const token = await logIn()
      const { password } = ann

      const validations = Array.from({ length: 16 }, () => livingOf({ ...issued, refreshes: [] }))
      const [deleted, answers] = await Promise.all([
        call('DELETE', '/me', token, { password }),
        refreshAll(issued.refreshes),
        ...validations,
      ])

      const all = together(issued, issuedIn(answers), { bearers: [token], refreshes: [] })
      assert.equal(deleted.status, 204)
      assert.deepEqual(await livingOf(all), [], `round ${round}`)
      await register()
      assert.deepEqual(await livingOf(all), [], `round ${round}`)
    }
    await assertLogsIn(auths)
  })

  it('issues nothing by logins that were checked before his account was deleted', async (t) => {
    const auths = await startAccountAuths(t, stores)
    const { logIn, logIn16Times, verdicts, call, register } = auths
    const token = await logIn()
    const { full, release } = verdicts.next(16)
    const logins = logIn16Times()
    await full

    const { status } = await call('DELETE', '/me', token, { password: ann.password })
    await register()
    release()

    const refused = (await logins).map(({ body }) => body.error)
    assert.equal(status, 204)
    assert.deepEqual(refused, Array(16).fill('invalid_credentials'))
    await assertLogsIn(auths)
  })
})

function together(...all: readonly Issued[]): Issued {
  return {
    bearers: all.flatMap(({ bearers }) => bearers),
    refreshes: all.flatMap(({ refreshes }) => refreshes),
  }
}
