import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { JSONWebKeySet } from 'jose'
import { openKeyRing } from '../../../src/auth/jwt/key-ring.ts'
import { keySetMaxAgeSeconds, rotationTimes } from '../../../src/auth/jwt/key-times.ts'
import { replaceKeys, rotateKeys } from '../../../src/auth/jwt/rotate-keys.ts'
import { stateOf } from '../../../src/auth/jwt/signing-keys.ts'
import { keySetOf, openTestAccess, type TestAccess, verifyElsewhere } from './access-kit.ts'

const makeKeyOf =
  ({ pairs }: TestAccess) =>
  () =>
    pairs.make('EdDSA')

function rotate(access: TestAccess) {
  return rotateKeys({ keys: access.keys, makeKey: makeKeyOf(access) })
}

/** Who signs, and who is published. */
function stateOfRing({ ring }: TestAccess) {
  return { signs: ring.current().kid, published: ring.published().map(({ kid }) => kid) }
}

describe('the state of a key', () => {
  const key = { kid: 'kid', currentAt: 1_000, retiredAt: 2_000, removedAt: 3_000 }
  const endless = { ...key, retiredAt: undefined, removedAt: undefined }

  it('changes at the very instants that are stored', () => {
    const instants = [999, 1_000, 1_999, 2_000, 2_999, 3_000]

    const states = instants.map((at) => stateOf(key, at))

    assert.deepEqual(states, ['next', 'current', 'current', 'retired', 'retired', 'removed'])
  })

  it('stays current where there is no successor', () => {
    assert.deepEqual([stateOf(endless, 999), stateOf(endless, 1e15)], ['next', 'current'])
  })
})

describe('a rotation', () => {
  it('publishes the next key for longer than caches live before it signs, and the one before until its last token is dead', async () => {
    const access = await openTestAccess()
    const { kid: first } = access.ring.current()

    const { filed: next = '' } = await rotate(access)
    await access.pass(599_999)
    const before = stateOfRing(access)
    const lastToken = await access.mint()
    await access.pass(1)
    const then = stateOfRing(access)
    await access.pass(298_999)
    const lastClaims = await access.accessTokens.verify(lastToken)
    await access.pass(61_000)
    const beforeRemoval = stateOfRing(access)
    await access.pass(1)
    const removed = stateOfRing(access)

    assert.ok(rotationTimes.publishedBeforeMilliseconds > keySetMaxAgeSeconds * 1_000)
    assert.deepEqual(before, { signs: first, published: [first, next] })
    assert.deepEqual(then, { signs: next, published: [first, next] })
    assert.notEqual(lastClaims, undefined)
    assert.deepEqual(beforeRemoval, { signs: next, published: [first, next] })
    assert.deepEqual(removed, { signs: next, published: [next] })
  })

  it('needs nobody to be awake: who starts after its time finds the next key promoted', async () => {
    const access = await openTestAccess()
    const { filed } = await rotate(access)
    access.clock.advance(600_000)

    const late = await openKeyRing(access)

    assert.equal(late.current().kid, filed)
  })

  it('is not begun again while there is a next key, whose time is said instead', async () => {
    const access = await openTestAccess()
    const { filed } = await rotate(access)

    const again = await rotate(access)

    const at = new Date(access.clock.now() + 600_000).toISOString()
    assert.equal(again.filed, undefined)
    assert.equal(again.sentences[0], 'There is a next key already.')
    assert.equal(again.sentences[1], `${access.ring.current().kid} is current until ${at}.`)
    assert.equal(again.sentences[2], `${filed} is next: it signs from ${at} on.`)
  })

  it('says until when the one before is published', async () => {
    const access = await openTestAccess()
    await rotate(access)
    await access.pass(600_000)

    const { sentences } = await rotate(access)

    const at = new Date(access.clock.now() + 360_000).toISOString()
    assert.match(sentences[0] ?? '', new RegExp(`is retired: it is published until ${at}\\.$`))
  })

  it('may change the algorithm, and what was signed by the other is good until it dies', async () => {
    const access = await openTestAccess()
    await rotateKeys({ keys: access.keys, makeKey: () => access.pairs.make('ES256') })
    await access.pass(599_999)
    const old = await access.mint()
    await access.pass(1)

    const fresh = await access.mint()

    const set = keySetOf(access.ring)
    assert.deepEqual(
      set.keys.map(({ alg }) => alg),
      ['EdDSA', 'ES256'],
    )
    for (const token of [old, fresh]) {
      assert.notEqual(await access.accessTokens.verify(token), undefined)
      await verifyElsewhere(token, set, access.clock.now())
    }
  })

  it('is noticed by nobody who keeps the set for as long as it says and never asks for an unknown kid', async () => {
    const access = await openTestAccess()
    let kept: { set: JSONWebKeySet; until: number } | undefined
    let living: { token: string; until: number }[] = []
    const kids = new Set<string>()
    let checked = 0

    for (let seconds = 0; seconds < 3_000; seconds += 20) {
      const now = access.clock.now()
      if (seconds % 700 === 0) await rotate(access)
      if (kept === undefined || kept.until <= now)
        kept = { set: keySetOf(access.ring), until: now + keySetMaxAgeSeconds * 1_000 }
      living = living.filter(({ until }) => until > now)
      living.push({ token: await access.mint(), until: now + 299_000 })
      kids.add(access.ring.current().kid)
      for (const { token } of living) {
        await verifyElsewhere(token, kept.set, now)
        checked++
      }
      await access.pass(20_000)
    }

    assert.ok(kids.size >= 4, `${kids.size} keys signed`)
    assert.ok(checked > 1_000, `${checked} tokens were checked`)
  })
})

describe('the replacement of a compromised key', () => {
  it('lets a new one sign at once, and nothing that was signed before is good any more', async () => {
    const access = await openTestAccess()
    const { kid: first } = access.ring.current()
    const { filed: next } = await rotate(access)
    await access.pass(5_000)
    const token = await access.mint()

    const { filed, removed } = await replaceKeys({
      keys: access.keys,
      makeKey: makeKeyOf(access),
    })
    await access.pass(5_000)

    assert.deepEqual(removed, [first, next])
    assert.deepEqual(stateOfRing(access), { signs: filed, published: [filed] })
    assert.equal(await access.accessTokens.verify(token), undefined)
  })

  it('does nothing where somebody else was faster', async () => {
    const access = await openTestAccess()
    const slow = {
      ...access.keys,
      replaceAll: async () => await Promise.resolve(false),
    }

    const { filed, removed, sentences } = await replaceKeys({
      keys: slow,
      makeKey: makeKeyOf(access),
    })

    assert.deepEqual([filed, removed], [undefined, []])
    assert.match(sentences[0] ?? '', /^Nothing was replaced/)
    assert.match(sentences[1] ?? '', /is current\.$/)
  })
})
