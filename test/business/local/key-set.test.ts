import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { answer } from '../../kit/fake-auth.ts'
import { waitUntil } from '../../kit/processes.ts'
import { keySetPath, makeKey, sign, startLocal } from './key-pairs.ts'

const farExpiry = (now: number) => ({ claims: { exp: Math.floor(now / 1000) + 900 } })

describe('the keys that business knows', () => {
  it('are fetched once for all who come at the same time', async (t) => {
    const key = await makeKey()
    const { ask, clock, fetches } = await startLocal(t, [key])
    const tokens = await Promise.all(
      ['1', '2', '3', '4'].map((jti) => sign(key, clock.now(), { claims: { jti } })),
    )

    const answers = await Promise.all(tokens.map((token) => ask(token)))

    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200, 200],
    )
    assert.equal(fetches(), 1)
  })

  it('are fetched again for a key that was not among them', async (t) => {
    const [old, fresh] = [await makeKey(), await makeKey()]
    const { ask, clock, publish, fetches } = await startLocal(t, [old])
    await ask(await sign(old, clock.now()))
    publish(old, fresh)

    clock.advance(5_000)
    const { status } = await ask(await sign(fresh, clock.now()))

    assert.deepEqual([status, fetches()], [200, 2])
  })

  it('are not fetched again for keys that strangers invent, before the cool-down is over', async (t) => {
    const key = await makeKey()
    const { ask, clock, fetches } = await startLocal(t, [key])
    await ask(await sign(key, clock.now()))

    const statuses: number[] = []
    for (let time = 0; time < 5; time++)
      statuses.push((await ask(await sign(await makeKey(), clock.now()))).status)

    assert.deepEqual([...new Set(statuses)], [401])
    assert.equal(fetches(), 1)
  })

  it('take their tokens with them when auth publishes them no more', async (t) => {
    const [lost, kept] = [await makeKey(), await makeKey()]
    const { ask, clock, publish } = await startLocal(t, [lost, kept])
    const token = await sign(lost, clock.now(), farExpiry(clock.now()))
    const before = await ask(token)
    publish(kept)

    clock.advance(180_000)
    await ask(token)
    await waitUntil(async () => (await ask(token)).status === 401)

    assert.equal(before.status, 200)
  })

  it('go on while auth cannot be asked, and no longer than auth lets them', async (t) => {
    const key = await makeKey()
    const { ask, auth, clock, business } = await startLocal(t, [key])
    const token = await sign(key, clock.now(), farExpiry(clock.now()))
    await ask(token)
    auth.always(keySetPath, answer(503, {}))

    clock.advance(180_000)
    const renewing = await ask(token)
    await waitUntil(async () => business.log.find('the keys of auth were not renewed').length > 0)
    clock.advance(119_999)
    const last = await ask(token)
    clock.advance(1)
    const stale = await ask(token)

    assert.deepEqual([renewing.status, last.status], [200, 200])
    assert.deepEqual(stale, { status: 503, error: 'temporarily_unavailable' })
  })

  it('come back with auth', async (t) => {
    const key = await makeKey()
    const { ask, auth, clock, publish } = await startLocal(t, [key])
    const token = await sign(key, clock.now())
    auth.always(keySetPath, answer(503, {}))

    const down = await ask(token)
    publish(key)
    const up = await ask(token)

    assert.deepEqual([down.status, up.status], [503, 200])
  })

  it('are only those of kinds that sign our tokens', async (t) => {
    const [key, other] = [await makeKey(), await makeKey('RS256')]
    const { ask, auth, clock } = await startLocal(t, [key])
    const { published } = key
    const odd = [null, 1, {}, { ...published, kid: 1 }, { ...published, kid: 'x', x: 1 }]
    const keys = [...odd, { ...published, kid: 'y', use: 'enc' }, other.published, published]
    auth.always(keySetPath, answer(200, { keys }))

    const good = await ask(await sign(key, clock.now()))
    const bad = await ask(await sign(other, clock.now()))

    assert.deepEqual([good.status, bad.status], [200, 401])
  })

  const unreadable = {
    'no JSON': '<html>',
    'no object': 'null',
    'no list of keys': { keys: {} },
    'too many keys': { keys: Array.from({ length: 101 }, () => ({})) },
  }
  for (const [what, body] of Object.entries(unreadable)) {
    it(`are not to be had where auth sends ${what}`, async (t) => {
      const key = await makeKey()
      const { ask, auth, clock } = await startLocal(t, [key])
      auth.always(keySetPath, answer(200, body))

      const answered = await ask(await sign(key, clock.now()))

      assert.deepEqual(answered, { status: 503, error: 'temporarily_unavailable' })
    })
  }
})
