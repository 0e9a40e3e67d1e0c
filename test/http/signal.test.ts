import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createSignal } from '../../src/http/signal.ts'

/** A signal, and what was heard of it. */
function listenTo(signal = createSignal()) {
  const heard: string[] = []
  const listen = (name: string) => signal.listen(() => void heard.push(name))
  return { signal, heard, listen }
}

describe('a signal', () => {
  it('is heard by all who listen', () => {
    const { signal, heard, listen } = listenTo()
    listen('one')
    listen('other')

    signal.give()

    assert.deepEqual(heard, ['one', 'other'])
  })

  it('is heard at once by who listens too late', () => {
    const { signal, heard, listen } = listenTo()
    signal.give()

    listen('late')

    assert.deepEqual(heard, ['late'])
  })

  it('is not heard by who listens no more', () => {
    const { signal, heard, listen } = listenTo()
    listen('one')()

    signal.give()

    assert.deepEqual(heard, [])
  })
})
