import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { memoryCounts } from '../../../src/auth/accounts/counts-memory.ts'
import { createAskingLimits } from '../../../src/auth/accounts/limits.ts'

const openLimits = () =>
  createAskingLimits({ counts: memoryCounts({ now: () => 0 }), thing: 'register' })

/** How many of these are allowed, one after the other. */
function start() {
  const limits = openLimits()
  return async (asked: readonly { readonly username?: string; readonly source?: string }[]) => {
    let allowed = 0
    for (const { username = 'ann@example.com', source = '192.0.2.1' } of asked)
      if (await limits.allow({ username, source })) allowed++
    return allowed
  }
}

const times = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index))
const addressOf = (index: number) => `${index}@example.com`

describe('what strangers ask for', () => {
  it('is limited by where they ask from', async () => {
    const allowedOf = start()

    const flood = await allowedOf(times(120, (index) => ({ username: addressOf(index) })))

    assert.equal(flood, 100)
    assert.equal(await allowedOf([{ username: addressOf(0), source: '192.0.2.2' }]), 1)
  })

  it('is limited by the site of many IPv6 networks', async () => {
    const allowedOf = start()
    const from = (site: string) => (index: number) => ({
      username: addressOf(index),
      source: `2001:db8:${site}:${index.toString(16)}::1`,
    })

    const flood = await allowedOf(times(1_000, from('1')))

    assert.equal(flood, 500)
    assert.equal(await allowedOf([from('2')(0)]), 1)
  })

  it('is limited by their site no sooner because one network of it is refused', async () => {
    const allowedOf = start()
    const from = (network: number) => (index: number) => ({
      username: addressOf(index),
      source: `2001:db8:1:${network}::1`,
    })

    const flood = await allowedOf(times(2_000, from(1)))

    assert.equal(flood, 100)
    assert.equal(await allowedOf(times(100, from(2))), 100)
  })

  it('is limited by their site no sooner while one network of it is refused', async () => {
    const limits = openLimits()
    const flood = times(1_000, (index) =>
      limits.allow({ username: addressOf(index), source: '2001:db8:1:1::1' }),
    )
    const other = limits.allow({ username: 'ann@example.com', source: '2001:db8:1:2::1' })

    const allowed = await Promise.all(flood)

    assert.equal(allowed.filter((isAllowed) => isAllowed).length, 100)
    assert.equal(await other, true)
  })

  it('is limited by the provider of many IPv6 sites', async () => {
    const allowedOf = start()
    const from = (provider: string) => (index: number) => ({
      username: addressOf(index),
      source: `${provider}:${index.toString(16)}::1`,
    })

    const flood = await allowedOf(times(6_000, from('2001:db8')))

    assert.equal(flood, 5_000)
    assert.equal(await allowedOf([from('2001:db9')(0)]), 1)
  })

  it('stays counted in memory while somebody asks from all the networks of a site', async () => {
    const allowedOf = start()
    await allowedOf(times(5, () => ({})))

    await allowedOf(
      times(65_536, (index) => ({
        username: addressOf(index),
        source: `2001:db8:1:${index.toString(16)}::1`,
      })),
    )

    assert.equal(await allowedOf([{}]), 0)
  })

  it('is limited by the address no sooner because strangers have asked in its name', async () => {
    const allowedOf = start()

    const strangers = await allowedOf(times(200, () => ({})))

    assert.equal(strangers, 5)
    assert.equal(await allowedOf([{ source: '198.51.100.1' }]), 1)
  })

  it('is limited by the address no sooner because one site has asked in its name', async () => {
    const allowedOf = start()

    const site = await allowedOf(
      times(200, (index) => ({ source: `2001:db8:1:${index.toString(16)}::1` })),
    )

    assert.equal(site, 5)
    assert.equal(await allowedOf([{ source: '198.51.100.1' }]), 1)
  })

  it('is mailed to an address so many times in an hour at most, whoever asks', async () => {
    const allowedOf = start()

    const allowed = await allowedOf(times(60, (index) => ({ source: `192.0.2.${index}` })))

    assert.equal(allowed, 50)
  })
})
