import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { assertUnavailable, describeCases } from '../../storage/contract.ts'
import { familiesContract, sweptFamiliesContract } from './families-contract.ts'
import { isAlive, newFamily, openFamily } from './families-kit.ts'
import { exactFamiliesCases, openMemoryFamilies } from './families-memory-kit.ts'

familiesContract('refresh families in memory', openMemoryFamilies)
sweptFamiliesContract('the sweep of refresh families in memory', openMemoryFamilies)
describeCases('the clock of refresh families in memory', exactFamiliesCases, openMemoryFamilies)

describe('the room for refresh families in memory', () => {
  it('refuses a login when it is full, and ends no living family', async (t) => {
    const { families } = await openMemoryFamilies(t, { maxFamilies: 2 })
    const living = [await openFamily(families), await openFamily(families)]

    await assertUnavailable(families.open(newFamily()))

    for (const family of living) assert.equal(await isAlive(families, family), true)
  })

  it('makes room by removing the dead', async (t) => {
    const { families, step } = await openMemoryFamilies(t, { maxFamilies: 2 })
    const dead = [await openFamily(families), await openFamily(families)]
    step(600_000)

    const family = await openFamily(families)

    assert.equal(await isAlive(families, family), true)
    for (const one of dead) assert.equal(await isAlive(families, one), false)
  })
})
