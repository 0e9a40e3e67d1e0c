import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseStoreUrl, type RedisUrl } from '../src/store-url.ts'

/** One Redis without credentials, and what is different about it. */
function redis(fields: Partial<RedisUrl> = {}): RedisUrl {
  return {
    kind: 'redis',
    topology: 'single',
    isSecure: false,
    hosts: [{ host: 'cache', port: 6379 }],
    username: undefined,
    password: undefined,
    database: 0,
    masterName: '',
    ...fields,
  }
}

function hosts(first: string, ...others: readonly string[]): RedisUrl['hosts'] {
  const split = (text: string) => {
    const colon = text.lastIndexOf(':')
    return { host: text.slice(0, colon), port: Number(text.slice(colon + 1)) }
  }
  return [split(first), ...others.map(split)]
}

describe('the URL of a store', () => {
  it('is memory:', () => {
    assert.deepEqual(parseStoreUrl('memory:'), { kind: 'memory' })
  })

  it('is one Redis, by TLS or not', () => {
    const vectors: Readonly<Record<string, RedisUrl>> = {
      'redis://cache': redis(),
      'redis://cache/': redis(),
      'redis://cache/0': redis(),
      'redis://cache:7000/15': redis({ hosts: hosts('cache:7000'), database: 15 }),
      'rediss://cache': redis({ isSecure: true }),
      'redis://127.0.0.1:1': redis({ hosts: hosts('127.0.0.1:1') }),
      'redis://[::1]:65535': redis({ hosts: hosts('::1:65535') }),
      'redis://[::1]': redis({ hosts: hosts('::1:6379') }),
    }

    for (const [url, expected] of Object.entries(vectors))
      assert.deepEqual(parseStoreUrl(url), expected, url)
  })

  it('has credentials with escapes', () => {
    const vectors: Readonly<Record<string, Pick<RedisUrl, 'username' | 'password'>>> = {
      'redis://me:secret@cache': { username: 'me', password: 'secret' },
      'redis://:secret@cache': { username: undefined, password: 'secret' },
      'redis://me@cache': { username: 'me', password: undefined },
      'redis://me:@cache': { username: 'me', password: undefined },
      'redis://m%40e:a%3Ab%2Fc%25%E2%82%AC@cache': { username: 'm@e', password: 'a:b/c%€' },
      'redis://me:a:b,c?d#e@cache': { username: 'me', password: 'a:b,c?d#e' },
    }

    for (const [url, expected] of Object.entries(vectors))
      assert.deepEqual(parseStoreUrl(url), redis(expected), url)
  })

  it('is a Cluster where there are several hosts', () => {
    const all = hosts('one:7000', 'two:7001', 'three:6379')
    const expected = redis({ topology: 'cluster', hosts: all, username: 'me', password: 'secret' })

    assert.deepEqual(parseStoreUrl('redis://me:secret@one:7000,two:7001,three'), expected)
    assert.deepEqual(parseStoreUrl('redis://me:secret@one:7000,two:7001,three/0'), expected)
  })

  it('is the name of a master that Sentinels know', () => {
    const expected = redis({ topology: 'sentinel', hosts: hosts('one:1', 'two:26379') })
    const name = { masterName: 'my-master.1' }

    const plain = parseStoreUrl('redis+sentinel://one:1,two/my-master.1')
    const secure = parseStoreUrl('rediss+sentinel://one:1,two/my-master.1')
    const alone = parseStoreUrl('redis+sentinel://one:1/my-master.1')

    assert.deepEqual(plain, { ...expected, ...name })
    assert.deepEqual(secure, { ...expected, ...name, isSecure: true })
    assert.deepEqual(alone, { ...expected, ...name, hosts: hosts('one:1') })
  })

  it('is a Postgres, left as it is for its driver', () => {
    const urls = [
      'postgres://db/sallyport',
      'postgresql://me:se%40cret@db:5432/sallyport?sslmode=verify-full',
    ]

    for (const url of urls) assert.deepEqual(parseStoreUrl(url), { kind: 'postgres', url })
  })

  it('is nothing else', () => {
    const bad = [
      ...['', 'memory', 'memory://', 'MEMORY:', ' memory:', 'memory:x', 'cache:6379', 'file:/x'],
      ...['redis://', 'redis:cache', 'redis:///0', 'redis://:7000', 'redis://me:secret@'],
      ...['redis://cache:', 'redis://cache:0', 'redis://cache:65536', 'redis://cache:seven'],
      ...['redis://cache/one', 'redis://cache/-1', 'redis://cache/99999', 'redis://cache/0/1'],
      ...['redis://cache?db=1', 'redis://cache#1', 'redis://ca che', 'redis://a@b@cache'],
      ...['redis://one,', 'redis://,one', 'redis://one,,two', 'redis://one,two/1', 'redis://::1'],
      ...['redis://%zz@cache', 'redis://me:%E2@cache', 'redis+sentinel://one', 'redis+tls://one'],
      ...['redis+sentinel://one/', 'redis+sentinel://one/my/master', 'redis+sentinel:///master'],
      ...['postgres://', 'postgres://db', 'postgres://db/', 'postgres:///sallyport'],
      ...[
        'postgres://me:a%zz@db/sallyport',
        'postgres:db/sallyport',
        'postgres://db:99999/sallyport',
        'mysql://db/sallyport',
      ],
    ]

    for (const url of bad) assert.equal(parseStoreUrl(url), undefined, url)
  })
})
