/** What has happened to others with accounts and must not happen here, wherever those are kept. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { callAt, post } from '../kit/auth-calls.ts'
import { allHeld, somebody } from '../kit/people.ts'
import { logIn, serviceTokenOf } from '../kit/servers.ts'
import { recordSecret } from '../kit/used-secrets.ts'
import type { WholeAuth } from '../kit/whole-auth.ts'

const chosen = recordSecret('words that somebody chose later')

export function describeAccountAccidents(
  name: string,
  start: (t: TestContext) => Promise<WholeAuth>,
): void {
  describe(`Accidents of accounts ${name}`, { timeout: 120_000 }, () => {
    it('never redeem a mailed token twice, neither at the same moment nor later', async (t) => {
      const { url, askForMail, nextToken, join } = await start(t)
      const finish = async (path: string, json: object) => {
        const twice = [1, 2].map(() => post(`${url}${path}/finish`, { json }))
        const statuses = (await Promise.all(twice)).map(({ status }) => status)
        const later = await post(`${url}${path}/finish`, { json })
        assert.deepEqual([later.status, later.body.error], [400, 'invalid_grant'])
        return statuses.sort()
      }
      const { username, name: shown, password } = somebody()
      const verify = await askForMail('/register', username)
      const member = await join()
      const reset = await askForMail('/password-reset', member.username)
      const next = somebody()

      const registered = await finish('/register', { token: verify, name: shown, password })
      const wasReset = await finish('/password-reset', { token: reset, password: chosen })
      const token = await logIn(url, { username: member.username, password: chosen })
      const json = { username: next.username, password: chosen }
      await callAt(`${url}/me/username`, 'POST', { token, json })
      const moved = await finish('/me/username', { token: await nextToken(next.username) })

      assert.deepEqual(
        [registered, wasReset, moved],
        [
          [201, 400],
          [204, 400],
          [204, 400],
        ],
      )
    })

    it('never accept a secret of one purpose for another, nor use it up by that', async (t) => {
      const { url, join, askForMail, nextToken, alive } = await start(t)
      const member = await join()
      const { session, access, refresh, username, password } = member
      const [fresh, next] = [somebody(), somebody()]
      const json = { username: next.username, password }
      await callAt(`${url}/me/username`, 'POST', { token: session, json })
      const secrets = {
        ...{ session, access, refresh },
        service: await serviceTokenOf(url),
        verify: await askForMail('/register', fresh.username),
        reset: await askForMail('/password-reset', username),
        move: await nextToken(next.username),
      }
      const doors = {
        session: async (token: string) => (await callAt(`${url}/me`, 'GET', { token })).status,
        refresh: async (token: string) =>
          (await post(`${url}/refresh`, { json: { refresh_token: token } })).status,
        service: async (token: string) =>
          (await callAt(`${url}/validateToken`, 'POST', { token, json: { tokens: [] } })).status,
        verify: async (token: string) => {
          const finish = { token, name: 'Somebody', password: chosen }
          return (await post(`${url}/register/finish`, { json: finish })).status
        },
        move: async (token: string) =>
          (await post(`${url}/me/username/finish`, { json: { token } })).status,
        reset: async (token: string) => {
          const finish = { token, password: chosen }
          return (await post(`${url}/password-reset/finish`, { json: finish })).status
        },
      }

      const accepted: string[] = []
      for (const [door, knock] of Object.entries(doors))
        for (const [purpose, secret] of Object.entries(secrets)) {
          if (purpose === door || (purpose === 'access' && door === 'session')) continue
          const status = await knock(secret)
          if (status !== 400 && status !== 401) accepted.push(`${purpose} for ${door}: ${status}`)
        }
      const asked = { token: secrets.service, json: { tokens: Object.values(secrets) } }
      const { body } = await callAt(`${url}/validateToken`, 'POST', asked)
      const results = body.results as { readonly authenticated: boolean }[]
      const good = Object.keys(secrets).filter((_, index) => results[index]?.authenticated)

      assert.deepEqual(accepted, [])
      assert.deepEqual(good, ['session', 'access'])
      assert.deepEqual(await alive(member), allHeld)
      const { verify, move, service, reset } = doors
      assert.equal(await service(secrets.service), 200)
      assert.equal(await verify(secrets.verify), 201)
      assert.equal(await reset(secrets.reset), 204)
      // Another password ends the token for another address: it is of no use, not used up.
      assert.equal(await move(secrets.move), 400)
    })

    it('never read "0", 0 or "false" as true or as false', async (t) => {
      const { url, join, alive, administrator } = await start(t)
      const [member, token] = [await join(), await administrator()]
      const path = `${url}/admin/users/${member.id}`
      const before = await callAt(path, 'GET', { token })

      for (const disabled of ['0', '1', 'true', 'false', '', 0, 1, null, [], {}]) {
        const { status, body } = await callAt(path, 'PATCH', { token, json: { disabled } })
        assert.deepEqual([status, body.error], [400, 'invalid_request'], JSON.stringify(disabled))
      }

      assert.deepEqual((await callAt(path, 'GET', { token })).body, before.body)
      assert.equal(before.body.disabled, false)
      assert.deepEqual(await alive(member), allHeld)
    })

    it('never answer 500 to an unknown user or a strange name, wherever it is asked for', async (t) => {
      const { url, administrator } = await start(t)
      const token = await administrator()
      const names = [
        'nobody@example.com',
        '__proto__',
        "' OR 1=1 --",
        '\u0000',
        '\ud800',
        '%',
        '%00',
      ]
      const json = { disabled: true }

      const statuses: number[] = []
      for (const name of names) {
        const path = encodeURIComponent(name.toWellFormed())
        const answers = await Promise.all([
          post(`${url}/login/jwt`, { json: { username: name, password: 'x' } }),
          post(`${url}/password-reset`, { json: { username: name } }),
          post(`${url}/register`, { json: { username: name } }),
          callAt(`${url}/admin/users/${path}`, 'GET', { token }),
          callAt(`${url}/admin/users/${path}`, 'PATCH', { token, json }),
          callAt(`${url}/admin/users/${path}/sessions`, 'DELETE', { token }),
          callAt(`${url}/admin/users?after=${path}`, 'GET', { token }),
          callAt(`${url}/admin/audit?sub=${path}`, 'GET', { token }),
          callAt(`${url}/sessions/${path}`, 'DELETE', { token }),
        ])
        statuses.push(...answers.map(({ status }) => status))
      }

      assert.deepEqual(
        statuses.filter((status) => status >= 500),
        [],
      )
    })
  })
}
