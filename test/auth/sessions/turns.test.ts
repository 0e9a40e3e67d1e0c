import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createTurns } from '../../../src/auth/sessions/turns.ts'
import { createGate } from '../../kit/gate.ts'

describe('turns', () => {
  it('let the work of one subject run one after the other, in the order in which it came', async () => {
    const inTurn = createTurns()
    const gate = createGate()
    const seen: string[] = []

    const first = inTurn('one', async () => {
      await gate.opened
      seen.push('first')
    })
    const second = inTurn('one', async () => void seen.push('second'))
    const other = inTurn('other', async () => void seen.push('other'))
    await other
    gate.open()
    await Promise.all([first, second])

    assert.deepEqual(seen, ['other', 'first', 'second'])
  })

  it('go on after work that failed, and tell its failure to whoever asked for it', async () => {
    const inTurn = createTurns()

    const failing = inTurn('one', async () => {
      throw new Error('no')
    })
    const next = inTurn('one', async () => 'yes')

    await assert.rejects(failing, /no/)
    assert.equal(await next, 'yes')
  })
})
