import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Refusal } from '../../src/http/refusal.ts'
import { createRefusalLog } from '../../src/http/refusal-log.ts'
import { recordedLog } from '../kit/log.ts'

const refused = (requestId: string, path = '/login') => ({ path, requestId })

describe('the log of refusals', () => {
  it('writes the first of its kind as a line, with its reason and its cause', () => {
    const log = recordedLog()
    const cause = new Error('for the log')

    createRefusalLog(log).add(new Refusal('invalid_request', 'For both.', { cause }), refused('1'))

    const [line, ...more] = log.find('refused')
    assert.deepEqual(more, [])
    assert.equal(line?.level, 'info')
    assert.deepEqual(
      [line?.request_id, line?.path, line?.code, line?.reason],
      ['1', '/login', 'invalid_request', 'For both.'],
    )
    assert.match(String(line?.cause), /^Error: for the log\n/)
  })

  it('has no cause in the line where the refusal has none', () => {
    const log = recordedLog()

    createRefusalLog(log).add(new Refusal('not_found', 'Nothing.'), refused('1'))

    assert.equal('cause' in (log.find('refused')[0] ?? {}), false)
  })

  it('counts those that follow and sums them up in one line', () => {
    const log = recordedLog()
    const refusals = createRefusalLog(log)

    for (const id of ['1', '2', '3']) refusals.add(new Refusal('not_found', 'a'), refused(id))
    const linesBefore = log.find('refused again').length
    refusals.sumUp()

    const [line, ...more] = log.find('refused again')
    assert.equal(log.find('refused').length, 1)
    assert.equal(linesBefore, 0)
    assert.deepEqual([line?.path, line?.code, line?.count], ['/login', 'not_found', 2])
    assert.deepEqual(more, [])
  })

  it('takes another code and another path for another kind', () => {
    const log = recordedLog()
    const refusals = createRefusalLog(log)

    refusals.add(new Refusal('not_found', 'a'), refused('1'))
    refusals.add(new Refusal('invalid_token', 'a'), refused('2'))
    refusals.add(new Refusal('not_found', 'a'), refused('3', '/data'))

    assert.deepEqual(
      log.find('refused').map(({ request_id }) => request_id),
      ['1', '2', '3'],
    )
  })

  it('sums up nothing where nothing was repeated', () => {
    const log = recordedLog()
    const refusals = createRefusalLog(log)

    refusals.add(new Refusal('not_found', 'a'), refused('1'))
    refusals.sumUp()

    assert.deepEqual(log.find('refused again'), [])
  })

  it('begins anew after it has summed up', () => {
    const log = recordedLog()
    const refusals = createRefusalLog(log)
    refusals.add(new Refusal('not_found', 'a'), refused('1'))
    refusals.add(new Refusal('not_found', 'a'), refused('2'))
    refusals.sumUp()

    refusals.add(new Refusal('not_found', 'a'), refused('3'))
    refusals.sumUp()

    assert.deepEqual(
      log.find('refused').map(({ request_id }) => request_id),
      ['1', '3'],
    )
    assert.equal(log.find('refused again').length, 1)
  })
})
