import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { createAccessTokens } from '../../../src/auth/jwt/access-tokens.ts'
import { importJose } from '../../../src/auth/jwt/key-pairs.ts'
import { openKeyRing } from '../../../src/auth/jwt/key-ring.ts'
import type { KeyLine } from '../../../src/auth/jwt/signing-keys.ts'
import { unavailable } from '../../../src/http/refusal.ts'
import { StartError } from '../../../src/start-error.ts'
import { recordedLog } from '../../kit/log.ts'
import { assertUnavailable } from '../../storage/contract.ts'
import { openTestAccess, request, type TestAccess } from './access-kit.ts'

/** Another auth on the same store, whose reads are counted and can be made to fail. */
async function openAnother({ keys, pairs, clock }: TestAccess) {
  const log = recordedLog()
  let reads = 0
  let isFailing = false
  const watched = {
    async read(): Promise<KeyLine> {
      reads++
      if (isFailing) throw unavailable('The store is away.')
      return await keys.read()
    },
  }
  const ring = await openKeyRing({ keys: watched, pairs, clock, log })
  const stop = ring.startReading()
  const accessTokens = createAccessTokens({
    jose: await importJose(),
    keys: ring,
    issuer: 'https://auth.example',
    audiences: ['business'],
    createId: () => 'an id',
  })
  return {
    ring,
    accessTokens,
    log,
    reads: () => reads,
    fail: (failing: boolean) => {
      isFailing = failing
    },
    stop,
  }
}

async function replace({ keys, pairs }: TestAccess) {
  const last = (await keys.read()).keys.at(-1)?.kid ?? ''
  const key = await pairs.make('EdDSA')
  assert.equal(await keys.replaceAll(last, key), true)
  return key.kid
}

describe('the keys as a process knows them', () => {
  it('are read again within five seconds, and who was idle has not kept a removed one', async () => {
    const access = await openTestAccess()
    const other = await openAnother(access)
    const token = await access.mint()
    const kid = await replace(access)

    await access.pass(4_999)
    const before = await other.accessTokens.verify(token)
    await access.pass(1)

    assert.notEqual(before, undefined)
    assert.equal(await other.accessTokens.verify(token), undefined)
    assert.equal(other.ring.current().kid, kid)
  })

  it('are looked up for a token of a key that is not known yet', async () => {
    const access = await openTestAccess()
    const other = await openAnother(access)
    await replace(access)
    await access.pass(0)
    await access.ring.find('unknown')
    const token = await access.mint()

    const claims = await other.accessTokens.verify(token)

    assert.equal(claims?.sub, request.sub)
  })

  it('are looked up once a second for kids that nobody knows, however many come', async () => {
    const access = await openTestAccess()
    const other = await openAnother(access)
    await access.pass(2_000)
    const readsBefore = other.reads()
    const unknown = Array.from({ length: 100 }, (_, index) => `unknown ${index}`)

    const found = await Promise.all(unknown.map((kid) => other.ring.find(kid)))
    found.push(...(await Promise.all(unknown.map((kid) => other.ring.find(kid)))))
    const readsAtOnce = other.reads()
    await access.pass(1_000)
    await other.ring.find('unknown')

    assert.ok(found.every((one) => one === undefined))
    assert.deepEqual([readsAtOnce - readsBefore, other.reads() - readsBefore], [1, 2])
  })

  it('are opened once', async () => {
    const access = await openTestAccess()
    let opened = 0
    const open = async (key: Parameters<typeof access.pairs.open>[0]) => {
      opened++
      return await access.pairs.open(key)
    }
    await openAnother({ ...access, pairs: { ...access.pairs, open } })

    await access.pass(5_000)
    await access.pass(5_000)

    assert.equal(opened, 1)
  })

  it('are good for a minute while the store is away, which the log tells, and a 503 after', async () => {
    const access = await openTestAccess()
    const other = await openAnother(access)
    const token = await access.mint()
    other.fail(true)

    await access.pass(59_999)
    const before = await other.accessTokens.verify(token)
    await access.pass(1)

    assert.equal(before?.sub, request.sub)
    await assertUnavailable(other.accessTokens.verify(token))
    await assertUnavailable(other.accessTokens.mint(request))
    assert.throws(() => other.ring.published(), { code: 'temporarily_unavailable' })
    assert.ok(other.log.find('the signing keys could not be read').length > 0)
  })

  it('are good again as soon as the store is back', async () => {
    const access = await openTestAccess()
    const other = await openAnother(access)
    const token = await access.mint()
    other.fail(true)
    await access.pass(61_000)
    other.fail(false)

    await access.pass(5_000)

    assert.equal((await other.accessTokens.verify(token))?.sub, request.sub)
  })

  it('are judged by the clock of the store and not by that of the process', async () => {
    const access = await openTestAccess()
    const ahead = { ...access.clock, now: () => access.clock.now() + 3_600_000 }
    const other = await openAnother({ ...access, clock: ahead })

    const { token } = await other.accessTokens.mint(request)

    const claims = await access.accessTokens.verify(token)
    assert.equal(claims?.issuedAt, access.clock.now())
  })

  it('are a 503 to who would sign while none of them may', async () => {
    const access = await openTestAccess()
    const { keys, judgedAt } = await access.keys.read()
    const later = keys.map((key) => ({ ...key, currentAt: judgedAt + 1 }))
    const store = { read: async () => ({ keys: later, judgedAt }) }
    const other = await openAnother({ ...access, keys: { ...access.keys, ...store } })

    await assertUnavailable(other.accessTokens.mint(request))
  })

  it('are read no more when the process ends', async () => {
    const access = await openTestAccess()
    const other = await openAnother(access)
    const before = other.reads()

    other.stop()
    await access.pass(60_000)
    await setImmediate()

    assert.equal(other.reads(), before)
  })

  it('keep a process from starting that has another secret, and nothing of it is told', async () => {
    const access = await openTestAccess({ KEY_ENCRYPTION_SECRET: 'planted-'.repeat(8) })
    const stranger = await openTestAccess({ KEY_ENCRYPTION_SECRET: 'another-'.repeat(8) })

    const opening = openAnother({ ...access, pairs: stranger.pairs })

    await assert.rejects(opening, (error) => {
      assert.ok(error instanceof StartError)
      assert.equal(
        error.message,
        'KEY_ENCRYPTION_SECRET is not the one under which the signing keys are stored.',
      )
      return true
    })
  })
})
