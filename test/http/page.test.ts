import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { checkShape } from '../../src/http/endpoint.ts'
import { pageQuery, readPage } from '../../src/http/page.ts'
import { Refusal } from '../../src/http/refusal.ts'

const pageOf = (sent: Readonly<Record<string, string>>) =>
  readPage({ query: () => checkShape(pageQuery, sent) })

const badLimits = ['', '0', '101', '-1', '1.5', '1e1', '0x1', '01', ' 1', '999', '1000', 'all', '١']

describe('a page of a listing', () => {
  it('begins where it is told to and is as long', () => {
    assert.deepEqual(pageOf({ after: 'a', limit: '1' }), { after: 'a', limit: 1 })
    assert.deepEqual(pageOf({ limit: '100' }), { after: undefined, limit: 100 })
  })

  it('is the first one, as long as one can be, where nothing is said', () => {
    assert.deepEqual(pageOf({}), { after: undefined, limit: 100 })
  })

  it('is refused where its length is no number of items', () => {
    for (const limit of badLimits)
      assert.throws(
        () => pageOf({ limit }),
        (error) => error instanceof Refusal && error.code === 'invalid_request',
        limit,
      )
  })

  it('is refused after something that is too long', () => {
    assert.throws(() => pageOf({ after: 'x'.repeat(65) }), Refusal)
  })
})
