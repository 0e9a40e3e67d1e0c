import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { capability } from '../../src/auth/capability.ts'
import type { SecurityEvent } from '../../src/auth/security-events.ts'
import { basic, bearer, post } from '../kit/auth-calls.ts'
import { logIn, serviceTokenOf, startTestAuth, testClient } from '../kit/servers.ts'

const form = 'grant_type=client_credentials'

/** auth with a listener, and what that hears. */
async function startHeard(t: TestContext) {
  const events: SecurityEvent[] = []
  const hearing = capability({
    name: 'test',
    register: () => ({ listener: (event) => void events.push(event) }),
  })
  const auth = await startTestAuth(t, { capabilities: [hearing] })
  return { ...auth, events }
}

/** All but the id of the request. */
function told(events: readonly SecurityEvent[]) {
  return events.map(({ requestId, ...rest }) => {
    assert.match(requestId, /^[0-9a-f-]+$/)
    return rest
  })
}

const source = '127.0.0.1'

describe('what auth reports', () => {
  it('is told of a logout that ended a session, and of no other', async (t) => {
    const { url, events, user } = await startHeard(t)
    const authorization = bearer(await logIn(url))
    const [login] = events.splice(0)

    await post(`${url}/logout`, { authorization })
    await post(`${url}/logout`, { authorization })

    const { session } = login ?? {}
    assert.notEqual(session, undefined)
    assert.deepEqual(told(events), [{ type: 'logged_out', source, sub: user.id, session }])
  })

  it('is told of each service token that was granted', async (t) => {
    const { url, events } = await startHeard(t)

    await serviceTokenOf(url)

    const details = { scope: 'tokens:validate' }
    assert.deepEqual(told(events), [
      { type: 'service_token_granted', source, sub: 'client:business', details },
    ])
  })

  it('is told of a client that was refused, by the name that it gave', async (t) => {
    const { url, events } = await startHeard(t)

    await post(`${url}/token`, { authorization: basic('business', 'wrong'), form })
    await post(`${url}/token`, { authorization: basic('nobody', testClient.secret), form })
    await post(`${url}/token`, { form })

    const type = 'service_token_refused'
    assert.deepEqual(told(events), [
      { type, source, username: 'business' },
      { type, source, username: 'nobody' },
      { type, source, username: undefined },
    ])
  })

  it('is not told of a request for a service token that was malformed', async (t) => {
    const { url, events } = await startHeard(t)
    const authorization = basic(testClient.id, testClient.secret)

    await post(`${url}/token`, { authorization, form: 'grant_type=' })
    await post(`${url}/token`, { authorization, form: `${form}&scope=other` })

    assert.deepEqual(events, [])
  })
})
