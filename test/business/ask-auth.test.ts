import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createAskAuth } from '../../src/business/ask-auth.ts'
import {
  type AuthAnswer,
  type AuthConnection,
  type AuthRequest,
  AuthUnreachable,
} from '../../src/business/auth-connection.ts'
import { aliveValidation } from '../kit/fake-auth.ts'

const alive = aliveValidation('Reader')
const dead = { authenticated: false }
const ok = (body: unknown): AuthAnswer => ({ status: 200, text: JSON.stringify(body) })

/** A connection that answers one after the other of these, and keeps what was asked. */
function scriptedConnection(...answers: readonly (AuthAnswer | Error)[]) {
  const requests: AuthRequest[] = []
  const left = [...answers]
  const connection: AuthConnection = {
    async post(request) {
      requests.push(request)
      const next = left.shift() ?? new Error('nothing more was expected')
      if (next instanceof Error) throw next
      return next
    },
    get: () => Promise.reject(new Error('nothing is read here')),
    async close() {},
  }
  return { connection, requests }
}

/** Holds `credential-1` until it is forgotten; the next one is `credential-2`. */
function countedServiceToken() {
  const forgotten: string[] = []
  const current = () => `credential-${forgotten.length + 1}`
  return {
    forgotten,
    held: () => (forgotten.length === 0 ? current() : undefined),
    fetch: async () => current(),
    forget: (token: string) => void forgotten.push(token),
  }
}

const lost = new AuthUnreachable('lost', { mayRepeat: true })
const expired = new AuthUnreachable('too late', { mayRepeat: false })
const refused: AuthAnswer = { status: 401, text: '{}' }

describe('asking auth', () => {
  it('sends the list with the service token to /validateToken', async () => {
    const { connection, requests } = scriptedConnection(ok({ results: [dead, alive] }))
    const askAuth = createAskAuth({ connection, serviceToken: countedServiceToken() })

    const validations = await askAuth(['one', 'two'])

    assert.deepEqual(validations, [dead, alive])
    const headers = { authorization: 'Bearer credential-1', 'content-type': 'application/json' }
    const body = '{"tokens":["one","two"]}'
    assert.deepEqual(requests, [{ path: '/validateToken', headers, body }])
  })

  it('waits for a service token where none is held', async () => {
    const { connection, requests } = scriptedConnection(ok({ results: [alive] }))
    const serviceToken = { ...countedServiceToken(), held: () => undefined }
    const askAuth = createAskAuth({ connection, serviceToken })

    await askAuth(['one'])

    assert.equal(requests[0]?.headers.authorization, 'Bearer credential-1')
  })

  it('asks nothing where no service token can be had', async () => {
    const { connection, requests } = scriptedConnection()
    const fault = new Error('no service token')
    const fetch = () => Promise.reject(fault)
    const serviceToken = { ...countedServiceToken(), held: () => undefined, fetch }
    const askAuth = createAskAuth({ connection, serviceToken })

    await assert.rejects(askAuth(['one']), fault)

    assert.deepEqual(requests, [])
  })

  it('is repeated once where the connection was lost', async () => {
    const { connection, requests } = scriptedConnection(lost, ok({ results: [alive] }))
    const askAuth = createAskAuth({ connection, serviceToken: countedServiceToken() })

    const validations = await askAuth(['one'])

    assert.deepEqual(validations, [alive])
    assert.deepEqual(requests[1], requests[0])
  })

  it('fails where the connection is lost twice', async () => {
    const { connection, requests } = scriptedConnection(lost, lost)
    const askAuth = createAskAuth({ connection, serviceToken: countedServiceToken() })

    await assert.rejects(askAuth(['one']), lost)

    assert.equal(requests.length, 2)
  })

  it('is not repeated where auth was too slow', async () => {
    const { connection, requests } = scriptedConnection(expired)
    const askAuth = createAskAuth({ connection, serviceToken: countedServiceToken() })

    await assert.rejects(askAuth(['one']), expired)

    assert.equal(requests.length, 1)
  })

  it('is repeated once with a new service token where auth refused the old one', async () => {
    const { connection, requests } = scriptedConnection(refused, ok({ results: [alive] }))
    const serviceToken = countedServiceToken()
    const askAuth = createAskAuth({ connection, serviceToken })

    const validations = await askAuth(['one'])

    assert.deepEqual(validations, [alive])
    assert.deepEqual(serviceToken.forgotten, ['credential-1'])
    const used = requests.map(({ headers }) => headers.authorization)
    assert.deepEqual(used, ['Bearer credential-1', 'Bearer credential-2'])
  })

  it('fails where auth refuses the new service token too', async () => {
    const { connection, requests } = scriptedConnection(refused, refused)
    const askAuth = createAskAuth({ connection, serviceToken: countedServiceToken() })

    await assert.rejects(askAuth(['one']), { message: 'auth answered 401 to a validation' })

    assert.equal(requests.length, 2)
  })

  it('does not renew the service token where auth forbids it to validate', async () => {
    const { connection, requests } = scriptedConnection({ status: 403, text: '{}' })
    const serviceToken = countedServiceToken()
    const askAuth = createAskAuth({ connection, serviceToken })

    await assert.rejects(askAuth(['one']), { message: 'auth answered 403 to a validation' })

    assert.equal(requests.length, 1)
    assert.deepEqual(serviceToken.forgotten, [])
  })
})
