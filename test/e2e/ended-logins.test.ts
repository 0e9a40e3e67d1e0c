/** Logins that are under way while all of their user is ended: what was checked before that comes to nothing. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import {
  type AccountAuths,
  ann,
  assertLogsIn,
  issuedIn,
  startAccountAuths,
} from '../kit/account-auths.ts'
import { describeOnEachStore } from '../storage/each-store.ts'

/** One that is prepared: all that is left to do is the call that ends. */
interface Ending {
  /** Answers the status. */
  readonly end: () => Promise<number>
  /** What lets the user in after it. */
  readonly password: string
}

type Prepare = (auths: AccountAuths, password: string) => Promise<Ending>

const logOutEverywhere: Prepare = async ({ logIn, call }, password) => {
  const token = await logIn(password)
  return { end: async () => (await call('POST', '/logout-all', token)).status, password }
}

const changePassword: Prepare = async ({ logIn, call }, password) => {
  const token = await logIn(password)
  const chosen = `${password}!`
  const json = { current_password: password, new_password: chosen }
  return {
    end: async () => (await call('POST', '/me/password', token, json)).status,
    password: chosen,
  }
}

const resetPassword: Prepare = async ({ prepareReset }, password) => {
  const chosen = `${password}!`
  return { end: await prepareReset(chosen), password: chosen }
}

const disableAndEnable: Prepare = async ({ setDisabled }, password) => {
  async function end() {
    const status = await setDisabled(true)
    assert.equal(await setDisabled(false), 204)
    return status
  }
  return { end, password }
}

/** Logins of which 16 are through before it, 16 have found their user, 16 have found the password right, and 16 begin after. */
async function assertEndsLoginsBefore(auths: AccountAuths, prepare: Prepare): Promise<void> {
  const { logIn16Times, looks, verdicts, livingOf } = auths
  const { end, password } = await prepare(auths, ann.password)
  const before = issuedIn(await logIn16Times())
  const found = looks.next(16)
  const finding = logIn16Times()
  await found.full
  const checked = verdicts.next(16)
  const checking = logIn16Times()
  await checked.full

  const status = await end()
  found.release()
  checked.release()

  assert.equal(status, 204)
  const refused = (await Promise.all([finding, checking])).flat().map(({ body }) => body.error)
  assert.deepEqual(refused, Array(32).fill('invalid_credentials'))
  assert.equal(before.bearers.length, 16)
  assert.deepEqual(await livingOf(before), [])
  await assertLogsIn(auths, password)
}

/** Some of the logins issue before the end and some after it, in other orders with each round. */
async function assertEndsLoginsMeanwhile(auths: AccountAuths, prepare: Prepare): Promise<void> {
  const { logIn16Times, verdicts, livingOf } = auths
  let known = ann.password
  for (let round = 0; round < 6; round++) {
    const { end, password } = await prepare(auths, known)
    const { full, release } = verdicts.next(16)
    const logins = logIn16Times(known)
    await full

    const ending = end()
    for (let turn = 0; turn < 4 ** round; turn++) await setImmediate()
    release()

    const [status, answers] = await Promise.all([ending, logins])
    assert.equal(status, 204)
    assert.deepEqual(await livingOf(issuedIn(answers)), [], `round ${round}`)
    known = password
  }
  await assertLogsIn(auths, known)
}

describeOnEachStore('logins under way', (stores) => {
  it('issue nothing after a logout everywhere that they were checked before', async (t) => {
    await assertEndsLoginsBefore(await startAccountAuths(t, stores), logOutEverywhere)
  })

  it('leave nothing alive while all sessions are ended', async (t) => {
    await assertEndsLoginsMeanwhile(await startAccountAuths(t, stores), logOutEverywhere)
  })

  it('issue nothing after a change of the password that they were checked with', async (t) => {
    await assertEndsLoginsBefore(await startAccountAuths(t, stores), changePassword)
  })

  it('leave nothing alive while their password is changed', async (t) => {
    await assertEndsLoginsMeanwhile(await startAccountAuths(t, stores), changePassword)
  })

  it('issue nothing after a reset of the password that they were checked with', async (t) => {
    await assertEndsLoginsBefore(await startAccountAuths(t, stores), resetPassword)
  })

  it('leave nothing alive while their password is reset', async (t) => {
    await assertEndsLoginsMeanwhile(await startAccountAuths(t, stores), resetPassword)
  })

  it('issue nothing after their user was disabled, also where he is enabled by then', async (t) => {
    await assertEndsLoginsBefore(await startAccountAuths(t, stores), disableAndEnable)
  })

  it('leave nothing alive while their user is disabled and enabled', async (t) => {
    await assertEndsLoginsMeanwhile(await startAccountAuths(t, stores), disableAndEnable)
  })
})
