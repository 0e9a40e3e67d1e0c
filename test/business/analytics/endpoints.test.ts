import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { analytics } from '../../../src/business/analytics/register.ts'
import { businessCapability, type Likes } from '../../../src/business/capability.ts'
import { bearer, readAnswer } from '../../kit/auth-calls.ts'
import { manualClock } from '../../kit/clock.ts'
import { aliveValidation, startFakeAuth } from '../../kit/fake-auth.ts'
import { waitUntil } from '../../kit/processes.ts'
import { startTestBusiness } from '../../kit/servers.ts'

const limit = { timeout: 20_000 }

/** A capability that offers likes. */
function liked(likes: Likes) {
  return businessCapability({ name: 'liked', register: () => ({ likes }) })
}

/** Likes on two days, and a record of what was asked. */
function someLikes() {
  const asked: unknown[] = []
  const days = [
    { day: '2026-02-28', likes: 3 },
    { day: '2026-03-02', likes: 12 },
  ]
  const likes: Likes = {
    async likesPerDay(range) {
      asked.push(range)
      return days.filter(({ day }) => day >= range.from && day <= range.to)
    },
  }
  return { likes, asked }
}

async function setUp(t: TestContext, { likes }: { likes?: Likes } = {}) {
  const auth = await startFakeAuth(t)
  const clock = manualClock()
  const others = likes === undefined ? [] : [liked(likes)]
  const capabilities = [analytics, ...others]
  const business = await startTestBusiness(t, { authUrl: auth.url, capabilities, clock })
  const get = (path: string, token: string | undefined = 'alive') => {
    const headers = token === '' ? {} : { authorization: bearer(token) }
    return fetch(`${business.url}/analytics/${path}`, { headers })
  }
  return { ...business, clock, get, ask: async (path: string) => readAnswer(await get(path)) }
}

const place = { epoch: 'a', number: 1, at: 1 }

describe('GET /analytics/likes', () => {
  it('has every day of the range, those without likes too', limit, async (t) => {
    const { likes, asked } = someLikes()
    const { ask } = await setUp(t, { likes })

    const { status, body } = await ask('likes?from=2026-02-27&to=2026-03-02')

    assert.equal(status, 200)
    assert.deepEqual(body, {
      days: [
        { day: '2026-02-27', likes: 0 },
        { day: '2026-02-28', likes: 3 },
        { day: '2026-03-01', likes: 0 },
        { day: '2026-03-02', likes: 12 },
      ],
    })
    assert.deepEqual(asked, [{ from: '2026-02-27', to: '2026-03-02' }])
  })

  it('is CSV where it is asked for', limit, async (t) => {
    const { get } = await setUp(t, someLikes())

    const response = await get('likes?from=2026-02-28&to=2026-03-01&format=csv')

    assert.equal(response.status, 200)
    assert.deepEqual(
      ['content-type', 'content-length', 'x-content-type-options', 'cache-control'].map((name) =>
        response.headers.get(name),
      ),
      ['text/csv; charset=utf-8', '39', 'nosniff', 'no-store'],
    )
    assert.equal(await response.text(), 'day,likes\r\n2026-02-28,3\r\n2026-03-01,0\r\n')
  })

  it('is of a whole leap year at most', limit, async (t) => {
    const { ask } = await setUp(t, someLikes())

    const year = await ask('likes?from=2024-01-01&to=2024-12-31')
    const more = await ask('likes?from=2024-01-01&to=2025-01-01')

    assert.deepEqual([year.status, (year.body.days as unknown[]).length], [200, 366])
    assert.deepEqual([more.status, more.body.error], [400, 'invalid_request'])
  })

  it('is of one day where both are the same', limit, async (t) => {
    const { ask } = await setUp(t, someLikes())

    const { body } = await ask('likes?from=2026-03-02&to=2026-03-02&format=json')

    assert.deepEqual(body, { days: [{ day: '2026-03-02', likes: 12 }] })
  })

  it('refuses what is no range, and asks nobody', limit, async (t) => {
    const { likes, asked } = someLikes()
    const { ask } = await setUp(t, { likes })

    for (const query of [
      '',
      'from=2026-01-01',
      'to=2026-01-01',
      'from=2026-01-02&to=2026-01-01',
      'from=2026-02-30&to=2026-03-01',
      'from=2026-02-01&to=2026-02-29',
      'from=2026-13-01&to=2026-13-01',
      'from=2026-00-01&to=2026-01-01',
      'from=2026-1-1&to=2026-01-02',
      'from=20260101&to=2026-01-02',
      'from=2026-01-01T00:00:00Z&to=2026-01-02',
      'from=-026-01-01&to=2026-01-02',
      'from=%2B2026-01-01&to=2026-01-02',
      'from=2026-01-01%0A&to=2026-01-02',
      'from=today&to=tomorrow',
      'from=2026-01-01&from=2026-01-01&to=2026-01-02',
      'from=2026-01-01&to=2026-01-02&format=xml',
      'from=0001-01-01&to=9999-12-31',
    ]) {
      const { status, body } = await ask(`likes?${query}`)
      assert.deepEqual([status, body.error], [400, 'invalid_request'], query)
    }
    assert.deepEqual(asked, [])
  })

  it('is a 404 where nothing can be liked', limit, async (t) => {
    const { ask } = await setUp(t)

    const { status, body } = await ask('likes?from=2026-01-01&to=2026-01-01')

    assert.deepEqual([status, body.error], [404, 'not_found'])
  })
})

describe('GET /analytics/activity', () => {
  const { sub } = aliveValidation('anybody')

  it(
    'says nothing before the first flush, and then when the last request was',
    limit,
    async (t) => {
      const { clock, ask } = await setUp(t)
      const startedAt = Math.floor(clock.now() / 1000)

      const before = await ask('activity')
      clock.advance(3_000)
      await ask('activity')
      clock.advance(2_000)

      assert.deepEqual(before.body, { last_request_at: null })
      await waitUntil(async () => (await ask('activity')).body.last_request_at === startedAt + 3)
    },
  )

  it('is of any guarded endpoint, and of the caller alone', limit, async (t) => {
    const { clock, url, ask, additions } = await setUp(t)
    await fetch(`${url}/data`, { headers: { authorization: bearer('alive') } })
    clock.advance(5_000)

    await waitUntil(async () => (await ask('activity')).body.last_request_at !== null)
    for (const { accountFollower } of additions)
      await accountFollower?.({ type: 'disabled', sub, name: undefined, place })

    assert.notEqual((await ask('activity')).body.last_request_at, null)
  })

  it('of a deleted account is forgotten, and none is filed any more', limit, async (t) => {
    const { clock, ask, additions } = await setUp(t)
    await ask('activity')
    clock.advance(5_000)
    await waitUntil(async () => (await ask('activity')).body.last_request_at !== null)

    for (const { accountFollower } of additions)
      await accountFollower?.({ type: 'deleted', sub, name: undefined, place })
    const then = await ask('activity')
    clock.advance(5_000)
    await new Promise(setImmediate)

    assert.deepEqual(then.body, { last_request_at: null })
    assert.deepEqual((await ask('activity')).body, { last_request_at: null })
  })
})

describe('analytics', () => {
  const paths = ['likes?from=2026-01-01&to=2026-01-01', 'activity']

  it('is for users alone', limit, async (t) => {
    const { get } = await setUp(t, someLikes())

    for (const path of paths) {
      const none = await readAnswer(await get(path, ''))
      const dead = await readAnswer(await get(path, 'dead'))
      assert.deepEqual([none.status, none.body.error], [401, 'missing_token'])
      assert.deepEqual([dead.status, dead.body.error], [401, 'invalid_token'])
    }
  })
})
