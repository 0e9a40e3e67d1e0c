import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createAskingLimits, createLimit } from '../../../src/auth/accounts/limits.ts'
import { manualClock } from '../../kit/clock.ts'

describe('a limit', () => {
  it('allows so many of each key until the time is over', () => {
    const clock = manualClock(0)
    const limit = createLimit({ clock, limit: 2, windowSeconds: 60 })

    const first = ['a', 'a', 'a', 'b'].map((key) => limit.allows(key))
    clock.advance(59_999)
    const late = limit.allows('a')
    clock.advance(1)

    assert.deepEqual(first, [true, true, false, true])
    assert.deepEqual([late, limit.allows('a')], [false, true])
  })

  it('counts no more keys than it may', () => {
    const clock = manualClock(0)
    const limit = createLimit({ clock, limit: 1, windowSeconds: 60, maxKeys: 2 })

    const answers = ['a', 'b', 'b', 'c', 'a'].map((key) => limit.allows(key))

    assert.deepEqual(answers, [true, true, false, true, true])
  })

  it('is by the address and by the source', () => {
    const limits = createAskingLimits(manualClock(0))
    const from = (source: string) => (_: unknown, index: number) =>
      limits.allow({ username: `${index}@example.com`, source })

    const flood = Array.from({ length: 120 }, from('192.0.2.1'))

    assert.equal(flood.filter((isAllowed) => isAllowed).length, 100)
    assert.equal(limits.allow({ username: '0@example.com', source: '192.0.2.2' }), true)
  })

  it('keeps nobody from asking because strangers have asked in his name', () => {
    const limits = createAskingLimits(manualClock(0))
    const ask = (source: string) => limits.allow({ username: 'ann@example.com', source })

    const stranger = Array.from({ length: 20 }, () => ask('192.0.2.1'))
    const own = ask('198.51.100.1')

    assert.equal(stranger.filter((isAllowed) => isAllowed).length, 5)
    assert.equal(own, true)
  })

  it('sends no more mails to an address in an hour than so many, whoever asks', () => {
    const limits = createAskingLimits(manualClock(0))

    const answers = Array.from({ length: 60 }, (_, index) =>
      limits.allow({ username: 'ann@example.com', source: `192.0.2.${index}` }),
    )

    assert.equal(answers.filter((isAllowed) => isAllowed).length, 50)
  })
})
