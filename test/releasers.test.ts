import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createReleasers } from '../src/releasers.ts'
import { recordedLog } from './kit/log.ts'

describe('what is released at the end of a process', () => {
  it('is released one after another, the last first', async () => {
    const { release, releaseAll } = createReleasers(recordedLog())
    const seen: string[] = []
    for (const name of ['store', 'server', 'job']) {
      release(async () => {
        seen.push(name)
        await Promise.resolve()
        seen.push(`${name} ended`)
      })
    }

    await releaseAll()

    assert.deepEqual(seen, ['job', 'job ended', 'server', 'server ended', 'store', 'store ended'])
  })

  it('is released though another could not be, which the log tells', async () => {
    const log = recordedLog()
    const { release, releaseAll } = createReleasers(log)
    const seen: string[] = []
    release(() => seen.push('first'))
    release(async () => await Promise.reject(new Error('stuck')))
    release(() => {
      throw new Error('stuck')
    })

    await releaseAll()

    assert.deepEqual(seen, ['first'])
    assert.equal(log.find('something could not be released').length, 2)
  })
})
