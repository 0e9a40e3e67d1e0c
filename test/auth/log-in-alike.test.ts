/** Who may not enter does not learn why: the same answer to the byte, and the same work behind it. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, it, type TestContext } from 'node:test'
import { cheapPasswords, correct, startCountedAuth } from '../kit/auth-parts.ts'
import { countedDerivations, type Derivation } from '../kit/derivations.ts'
import { cheapParameters } from '../kit/servers.ts'
import { exchange, statusesIn } from '../kit/sockets.ts'

const fullWork: Derivation = { ...cheapParameters, saltBytes: 16, length: 32 }
const weakParameters = { ...cheapParameters, ln: cheapParameters.ln - 1 }

/** auth with a disabled user and one with an old weak hash beside the usual one. All have the same password. */
async function startWatchedAuth(t: TestContext) {
  const derivations = countedDerivations()
  const passwords = cheapPasswords({ deriveKey: derivations.deriveKey })
  const auth = await startCountedAuth(t, { passwords })
  const passwordHash = await passwords.hash(correct.password)
  const weakHash = await cheapPasswords({ parameters: weakParameters }).hash(correct.password)
  const disabled = { id: randomUUID(), username: 'disabled', name: 'Disabled', isDisabled: true }
  const old = { id: randomUUID(), username: 'old', name: 'Old', isDisabled: false }
  await auth.users.create({ ...disabled, passwordHash })
  await auth.users.create({ ...old, passwordHash: weakHash })
  derivations.takeAll()

  /** All that comes back but the date, which is not ours to choose, and what it cost. */
  async function logIn(username: string, password: string) {
    const body = JSON.stringify({ username, password })
    const head = [
      'POST /login HTTP/1.1',
      'Host: auth.test',
      'Connection: close',
      'X-Request-Id: 00000000-0000',
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
    ]
    const received = await exchange(t, auth.url, `${head.join('\r\n')}\r\n\r\n${body}`)
    const bytes = received.replace(/^Date: .*\r\n/m, '')
    return { bytes, work: derivations.takeAll(), statuses: statusesIn(received) }
  }

  return { ...auth, logIn }
}

describe('a refused login', () => {
  it('says 401 invalid_credentials with a Basic challenge, and issues nothing', async (t) => {
    const { logIn, tokenCount } = await startWatchedAuth(t)

    const { bytes, statuses } = await logIn(correct.username, 'wrong horse')

    assert.deepEqual(statuses, [401])
    assert.match(bytes, /^WWW-Authenticate: Basic realm="sallyport", charset="UTF-8"\r$/m)
    assert.match(bytes, /"error":"invalid_credentials"/)
    assert.equal(await tokenCount(), 0)
  })

  it('looks and costs the same for an unknown user', async (t) => {
    const { logIn, tokenCount } = await startWatchedAuth(t)

    const mistyped = await logIn(correct.username, 'wrong horse')
    const unknown = await logIn('nobody', correct.password)

    assert.deepEqual(unknown, mistyped)
    assert.deepEqual(unknown.work, [fullWork])
    assert.equal(await tokenCount(), 0)
  })

  it('looks and costs the same for a disabled user, even with the right password', async (t) => {
    const { logIn, tokenCount } = await startWatchedAuth(t)

    const mistyped = await logIn(correct.username, 'wrong horse')
    const disabled = await logIn('disabled', correct.password)

    assert.deepEqual(disabled, mistyped)
    assert.deepEqual(disabled.work, [fullWork])
    assert.equal(await tokenCount(), 0)
  })

  it('looks and costs the same for an empty password', async (t) => {
    const { logIn } = await startWatchedAuth(t)

    const mistyped = await logIn(correct.username, 'wrong horse')
    const known = await logIn(correct.username, '')
    const unknown = await logIn('nobody', '')

    assert.deepEqual(known, mistyped)
    assert.deepEqual(unknown, mistyped)
    assert.deepEqual(known.work, [fullWork])
  })

  it('looks and costs the same for a password of 257 characters', async (t) => {
    const { logIn } = await startWatchedAuth(t)

    const mistyped = await logIn(correct.username, 'wrong horse')
    const known = await logIn(correct.username, 'a'.repeat(257))
    const unknown = await logIn('nobody', 'a'.repeat(257))

    assert.deepEqual(known, mistyped)
    assert.deepEqual(unknown, mistyped)
    assert.deepEqual(known.work, [fullWork])
  })

  it('looks the same and costs no less for a user with an old weak hash', async (t) => {
    const { logIn } = await startWatchedAuth(t)

    const mistyped = await logIn(correct.username, 'wrong horse')
    const old = await logIn('old', 'wrong horse')

    assert.equal(old.bytes, mistyped.bytes)
    assert.deepEqual(old.work, [{ ...fullWork, ln: weakParameters.ln }, fullWork])
  })

  it('costs what an accepted one costs', async (t) => {
    const { logIn } = await startWatchedAuth(t)

    const accepted = await logIn(correct.username, correct.password)
    const refused = await logIn(correct.username, 'wrong horse')

    assert.deepEqual(accepted.statuses, [200])
    assert.deepEqual(accepted.work, refused.work)
  })

  it('is one line in the log, without the user name or the password', async (t) => {
    const { logIn, log } = await startWatchedAuth(t)

    await logIn('planted-user-name', 'planted-password')

    assert.equal(log.find('refused').length, 1)
    assert.equal(log.find('refused')[0]?.code, 'invalid_credentials')
    assert.ok(!log.text().includes('planted'))
  })
})
