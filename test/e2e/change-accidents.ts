/** Whom a change of an account must reach, and whom it must not: what others' accidents were, wherever accounts are kept. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { callAt, post } from '../kit/auth-calls.ts'
import { postLogin } from '../kit/demo.ts'
import { allHeld, logInTwice, somebody } from '../kit/people.ts'
import { logIn } from '../kit/servers.ts'
import { recordSecret } from '../kit/used-secrets.ts'
import type { WholeAuth } from '../kit/whole-auth.ts'

const chosen = recordSecret('words that somebody chose later')

export function describeChangeAccidents(
  name: string,
  start: (t: TestContext) => Promise<WholeAuth>,
): void {
  describe(`Accidents of changes ${name}`, { timeout: 120_000 }, () => {
    it('never let a session survive another password, another address, a reset, a disabling or the end of the account', async (t) => {
      const { url, join, askForMail, nextToken, alive, administrator } = await start(t)
      const admin = await administrator()
      const { id, username, password, ...first } = await join()
      const next = somebody()
      const survivors: Record<string, readonly string[]> = {}

      const change = { current_password: password, new_password: chosen }
      await callAt(`${url}/me/password`, 'POST', { token: first.session, json: change })
      survivors.password = await alive(first)

      const second = await logInTwice(url, { ...next, username, password: chosen })
      const move = { username: next.username, password: chosen }
      await callAt(`${url}/me/username`, 'POST', { token: second.session, json: move })
      const before = await alive(second)
      const token = await nextToken(next.username)
      await post(`${url}/me/username/finish`, { json: { token } })
      survivors.address = await alive(second)

      const third = await logInTwice(url, { ...next, password: chosen })
      const json = { token: await askForMail('/password-reset', next.username) }
      await post(`${url}/password-reset/finish`, { json: { ...json, password: next.password } })
      survivors.reset = await alive(third)

      const fourth = await logInTwice(url, next)
      const disable = { token: admin, json: { disabled: true } }
      await callAt(`${url}/admin/users/${id}`, 'PATCH', disable)
      survivors.disabling = await alive(fourth)
      await callAt(`${url}/admin/users/${id}`, 'PATCH', { token: admin, json: { disabled: false } })
      survivors.enabling = await alive(fourth)

      const fifth = await logInTwice(url, next)
      const leave = { token: fifth.session, json: { password: next.password } }
      await callAt(`${url}/me`, 'DELETE', leave)
      survivors.deletion = await alive(fifth)

      assert.deepEqual(before, allHeld)
      const steps = ['password', 'address', 'reset', 'disabling', 'enabling', 'deletion']
      assert.deepEqual(survivors, Object.fromEntries(steps.map((step) => [step, []])))
      assert.equal((await postLogin(url, { ...next })).status, 401)
    })

    it('never change, disable, log out or delete more than the one account that is meant', async (t) => {
      const { url, join, askForMail, alive, administrator } = await start(t)
      const [one, other, admin] = [await join(), await join(), await administrator()]
      const show = async () => {
        const { body } = await callAt(`${url}/admin/users`, 'GET', { token: admin })
        return (body.users as { readonly id: string }[]).filter(({ id }) => id !== one.id)
      }
      const before = await show()
      const statuses: number[] = []
      const act = async (path: string, method: string, sent: object) => {
        statuses.push((await callAt(`${url}${path}`, method, sent)).status)
      }

      await act('/me', 'PATCH', { token: one.session, json: { name: 'Another' } })
      const change = { current_password: one.password, new_password: chosen }
      await act('/me/password', 'POST', { token: one.session, json: change })
      const reset = { token: await askForMail('/password-reset', one.username), password: chosen }
      await act('/password-reset/finish', 'POST', { json: reset })
      const path = `/admin/users/${one.id}`
      await act(path, 'PATCH', { token: admin, json: { roles: ['administrator'] } })
      await act(path, 'PATCH', { token: admin, json: { disabled: true } })
      await act(path, 'PATCH', { token: admin, json: { disabled: false } })
      await act(`${path}/sessions`, 'DELETE', { token: admin })
      const token = await logIn(url, { username: one.username, password: chosen })
      await act('/logout-all', 'POST', { token })
      const last = await logIn(url, { username: one.username, password: chosen })
      await act('/me', 'DELETE', { token: last, json: { password: chosen } })

      assert.deepEqual(statuses, [200, ...Array(8).fill(204)])
      assert.equal(before.length >= 2, true)
      assert.deepEqual(await show(), before)
      assert.deepEqual(await alive(other), allHeld)
      const { username, password } = other
      assert.equal((await postLogin(url, { username, password })).status, 200)
    })
  })
}
