import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { checkShape } from '../../src/http/endpoint.ts'
import { pageQuery, readPage, readPageById } from '../../src/http/page.ts'
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

describe('a page that goes on behind an id', () => {
  const ids = ['a', 'b', 'c'].map((digit) => `0192f0c1-0000-7000-8000-00000000000${digit}`)
  const items = ids.map((id) => ({ id }))
  const [, second = ''] = ids
  const byId = (sent: Readonly<Record<string, string>>) =>
    readPageById({ query: () => checkShape(pageQuery, sent) })

  it('asks for one more than it shows, and begins where the one before ended', () => {
    assert.deepEqual(byId({ limit: '2' }).asked, { limit: 3 })
    assert.deepEqual(byId({ after: second, limit: '100' }).asked, { before: second, limit: 101 })
  })

  it('says what the next one begins with where there is one more', () => {
    const { shown, nextCursor } = byId({ limit: '2' }).cut(items)

    assert.deepEqual([shown, nextCursor], [items.slice(0, 2), second])
  })

  it('is the last one where there is no more, also where it is full', () => {
    assert.deepEqual(byId({ limit: '3' }).cut(items), { shown: items, nextCursor: null })
    assert.deepEqual(byId({ limit: '3' }).cut([]), { shown: [], nextCursor: null })
  })

  it('is refused after what is no id', () => {
    for (const after of ['', 'x', ` ${second}`, `${second}\n`, second.toUpperCase()])
      assert.throws(
        () => byId({ after }),
        (error) => error instanceof Refusal && error.code === 'invalid_request',
        after,
      )
  })
})
