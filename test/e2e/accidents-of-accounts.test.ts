/** Accidents of accounts on each store, and those that show better where a test can break a part of auth. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { unavailable } from '../../src/http/refusal.ts'
import { memoryTokenStore } from '../../src/storage/memory/tokens.ts'
import type { TokenStore } from '../../src/storage/ports.ts'
import { callAt, post } from '../kit/auth-calls.ts'
import { postLogin } from '../kit/demo.ts'
import { skipUnless } from '../kit/installed.ts'
import { allHeld } from '../kit/people.ts'
import { waitUntil } from '../kit/processes.ts'
import { startWholeAuth } from '../kit/whole-auth.ts'
import {
  openAccountBacking,
  openTokenBacking,
  sharePostgres,
} from '../storage/postgres/open-stores.ts'
import { describeAccountAccidents } from './account-accidents.ts'
import { describeChangeAccidents } from './change-accidents.ts'

describeAccountAccidents('in memory', startWholeAuth)
describeChangeAccidents('in memory', startWholeAuth)

describe('Where all is in Postgres', { skip: skipUnless('postgres') }, () => {
  const { server } = sharePostgres()
  async function start(t: TestContext) {
    await server().emptyTables()
    const { users, backing: accountBacking } = await openAccountBacking(t, server().auth)
    const { tokens, backing: tokenBacking } = await openTokenBacking(t, server().auth)
    return await startWholeAuth(t, { users, accountBacking, tokens, tokenBacking })
  }
  describeAccountAccidents('there', start)
  describeChangeAccidents('there', start)
})

describe('Accidents of a token store that is away', { timeout: 60_000 }, () => {
  it('never say that something has ended that has not', async (t) => {
    const { tokens, setAway } = revocableTokens()
    const { url, join, administrator, alive } = await startWholeAuth(t, { tokens })
    const [member, admin] = [await join(), await administrator()]
    const { id, session: token, password } = member
    const { body } = await callAt(`${url}/sessions`, 'GET', { token })
    const [own] = body.sessions as { readonly id: string }[]
    const change = { current_password: password, new_password: 'words that somebody chose later' }
    setAway(true)

    const answers = [
      await callAt(`${url}/logout`, 'POST', { token }),
      await callAt(`${url}/sessions/${own?.id}`, 'DELETE', { token }),
      await callAt(`${url}/logout-all`, 'POST', { token }),
      await post(`${url}/revoke`, { json: { token } }),
      await callAt(`${url}/admin/users/${id}/sessions`, 'DELETE', { token: admin }),
      await callAt(`${url}/me/password`, 'POST', { token, json: change }),
    ]

    assert.deepEqual(
      answers.map(({ status }) => status),
      answers.map(() => 503),
    )
    assert.deepEqual(await alive(member), allHeld)
    setAway(false)
    await waitUntil(async () => (await alive(member)).length === 0) // the password was changed
  })
})

describe('Accidents of slowing down', { timeout: 60_000 }, () => {
  it('never believe X-Forwarded-For about who has got passwords wrong', async (t) => {
    const { url, user } = await startWholeAuth(t)
    const guesses = Array.from({ length: 12 }, (_, index) => `203.0.113.${index}`)

    const statuses: number[] = []
    for (const source of guesses) statuses.push(await statusOfLogin(url, { user, source }))

    assert.deepEqual(statuses, [...Array(10).fill(401), 429, 429])
  })

  it('never let strangers lock a user out where he is known', async (t) => {
    const { url, user } = await startWholeAuth(t, { trustedProxyHops: 1 })
    const home = { user, source: '192.0.2.1', password: 'correct horse' }
    const first = await statusOfLogin(url, home)
    const strangers = Array.from({ length: 60 }, (_, index) => `203.0.113.${index}`)

    const statuses: number[] = []
    for (const source of strangers) statuses.push(await statusOfLogin(url, { user, source }))

    assert.deepEqual(new Set(statuses), new Set([401, 429]))
    assert.deepEqual([first, await statusOfLogin(url, home)], [200, 200])
  })
})

interface Attempt {
  readonly user: { readonly username: string }
  readonly source: string
  readonly password?: string
}

async function statusOfLogin(url: string, attempt: Attempt): Promise<number> {
  const { user, source, password = 'guessed' } = attempt
  const headers = { 'x-forwarded-for': source }
  return (await postLogin(url, { username: user.username, password }, { headers })).status
}

/** Tokens that cannot be ended while their store is away. All else goes on: so it is seen that they are alive. */
function revocableTokens() {
  const right = memoryTokenStore({ now: Date.now, maxTokens: 10_000, reservedPlaces: 1_000 })
  let isAway = false
  function check(): void {
    if (isAway) throw unavailable('The store is away.')
  }
  const tokens: TokenStore = {
    ...right,
    async revoke(...token) {
      check()
      return await right.revoke(...token)
    },
    async revokeSubject(...subject) {
      check()
      return await right.revokeSubject(...subject)
    },
  }
  return {
    tokens,
    setAway: (value: boolean) => {
      isAway = value
    },
  }
}
