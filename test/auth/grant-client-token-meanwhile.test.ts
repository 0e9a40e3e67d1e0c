/** What becomes of a client between the proof of who it is and the token that it gets. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { type Client, type Clients, sha256 } from '../../src/auth/clients.ts'
import { memoryTokenStore } from '../../src/storage/memory/tokens.ts'
import type { TokenStore } from '../../src/storage/ports.ts'
import { basic, post } from '../kit/auth-calls.ts'
import { startTestAuth, testClient, testPurposes } from '../kit/servers.ts'

const known: Client = {
  id: testClient.id,
  secretHashes: [sha256(testClient.secret)],
  scopes: ['one', 'two'],
}

/** The answer to a client that is changed, and whose tokens are ended after, right before its mark is read. */
async function answerAfter(t: TestContext, changed: Client | undefined) {
  let client: Client | undefined = known
  const clients: Clients = { find: async () => client }
  const store = memoryTokenStore({ now: Date.now, maxTokens: 10, reservedPlaces: 1 })
  const tokens: TokenStore = {
    ...store,
    async marks(sub, purposes) {
      client = changed
      await store.revokeSubject(sub, [testPurposes.service])
      return await store.marks(sub, purposes)
    },
  }
  const { url } = await startTestAuth(t, { tokens, clients })
  const authorization = basic(testClient.id, testClient.secret)
  const { status, body } = await post(`${url}/token`, {
    authorization,
    form: 'grant_type=client_credentials',
  })
  return { status, error: body.error, scope: body.scope, tokens: await store.count() }
}

const refused = { status: 401, error: 'invalid_client', scope: undefined, tokens: 0 }

describe('a client that was found good before its mark was read', () => {
  it('gets no token where it was disabled by then, and its tokens ended', async (t) => {
    assert.deepEqual(await answerAfter(t, undefined), refused)
  })

  it('gets no token where its secret is no longer good by then', async (t) => {
    const renewed = { ...known, secretHashes: [sha256('another')] }

    assert.deepEqual(await answerAfter(t, renewed), refused)
  })

  it('gets the scope that it may have by then', async (t) => {
    const answer = await answerAfter(t, { ...known, scopes: ['two'] })

    assert.deepEqual(answer, { status: 200, error: undefined, scope: 'two', tokens: 1 })
  })
})
