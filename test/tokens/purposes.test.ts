import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { corePurposes } from '../../src/tokens/purposes.ts'

const purposes = corePurposes({
  sessionTtlSeconds: 30,
  sessionCapSeconds: 43_200,
  serviceTtlSeconds: 300,
})

describe('the purposes of the core', () => {
  it('let a session reinflate up to its cap', () => {
    assert.deepEqual(purposes.session, {
      name: 'session',
      letter: 's',
      flavour: 'reinflating',
      ttlSeconds: 30,
      capSeconds: 43_200,
      hasReservedRoom: false,
    })
  })

  it('give a service token a fixed life and reserved room', () => {
    assert.deepEqual(purposes.service, {
      name: 'service',
      letter: 'c',
      flavour: 'fixed',
      ttlSeconds: 300,
      hasReservedRoom: true,
    })
  })

  it('have names and letters of their own', () => {
    const all = Object.values(purposes)

    assert.equal(new Set(all.map(({ name }) => name)).size, all.length)
    assert.equal(new Set(all.map(({ letter }) => letter)).size, all.length)
  })
})
