import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { posts } from '../../../src/business/posts/register.ts'
import { problemsOf } from '../../kit/config-problems.ts'

const sentence =
  'CONTENT_STORE must not be memory: in production, where posts would end with their process.'

const problems = (environment: Readonly<Record<string, string>>) =>
  problemsOf(environment, ['business'], [posts.extension])

describe('posts', () => {
  it('are in memory in the demo, and never in production', () => {
    const [byDefault, said, lasting] = [
      problems({ APP_ENV: 'production' }),
      problems({ APP_ENV: 'production', CONTENT_STORE: 'memory:' }),
      problems({ APP_ENV: 'production', CONTENT_STORE: 'postgres://me@127.0.0.1/sallyport' }),
    ]

    assert.deepEqual(problems({}), [])
    assert.ok(byDefault.includes(sentence) && said.includes(sentence))
    assert.equal(lasting.includes(sentence), false)
  })
})
