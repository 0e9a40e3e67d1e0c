import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { pathOf, reasonToSkip } from './installed.ts'

const hasNothing = { PATH: '/nowhere' }

describe('skipping tests of servers that are not installed', () => {
  it('names what is missing', () => {
    const reason = reasonToSkip(['sh', 'no-such-server', 'nor-this'], { PATH: '/nowhere:/bin' })

    assert.equal(reason, 'Not installed: no-such-server, nor-this.')
  })

  it('skips nothing where all is there', () => {
    const reason = reasonToSkip(['sh'], { PATH: '/nowhere:/bin' })

    assert.equal(reason, false)
  })

  it('skips nothing in CI, whatever is missing', () => {
    const reason = reasonToSkip(['no-such-server'], { ...hasNothing, CI: 'true' })

    assert.equal(reason, false)
  })

  it('takes an empty CI for none', () => {
    const reason = reasonToSkip(['no-such-server'], { ...hasNothing, CI: '' })

    assert.equal(reason, 'Not installed: no-such-server.')
  })

  it('has no path for what is missing', () => {
    assert.throws(() => pathOf('no-such-server'), /no-such-server is not installed\./)
  })
})
