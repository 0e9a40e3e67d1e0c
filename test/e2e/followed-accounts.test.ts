/** What happens to accounts at auth, and what business makes of it. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { callAt } from '../kit/auth-calls.ts'
import { join, like, type Member, showPost, writePost } from '../kit/authors.ts'
import { connectClient } from '../kit/database-client.ts'
import { answer, heldBack, startFakeAuth } from '../kit/fake-auth.ts'
import { freePort } from '../kit/free-port.ts'
import { skipUnless } from '../kit/installed.ts'
import {
  spawnServer,
  startAuth,
  startBoth,
  startBusiness,
  untilReady,
  waitUntil,
} from '../kit/processes.ts'
import { startProvisioned } from '../kit/provisioned.ts'
import { share } from '../kit/shared-servers.ts'

const limit = { timeout: 120_000 }
const missed = 'account events were missed: auth no longer has those behind the bookmark'
const troubled = 'account events are not followed for the moment'
const well = 'account events are followed again'

async function rename(authUrl: string, { session: token }: Member, name: string): Promise<void> {
  const { status } = await callAt(`${authUrl}/me`, 'PATCH', { token, json: { name } })
  assert.equal(status, 200)
}

async function leave(authUrl: string, { session: token, password }: Member): Promise<void> {
  const { status } = await callAt(`${authUrl}/me`, 'DELETE', { token, json: { password } })
  assert.equal(status, 204)
}

describe('business, which follows accounts', limit, () => {
  it('shows the name that an author has now', async (t) => {
    const { auth, business } = await startBoth(t)
    const ann = await join(auth.url)
    const post = await writePost(business.url, ann.session)

    await rename(auth.url, ann, 'Ann of now')

    const authorOf = async () => (await showPost(business.url, ann.session, post)).author
    await waitUntil(async () => (await authorOf())?.name === 'Ann of now')
    assert.deepEqual(await authorOf(), { id: ann.id, name: 'Ann of now' })
  })

  it('shows nobody as the author whose account is gone, and counts the votes that are left', async (t) => {
    const { auth, business } = await startBoth(t)
    const [ann, bo] = [await join(auth.url), await join(auth.url)]
    const post = await writePost(business.url, ann.session)
    const other = await writePost(business.url, bo.session)
    await like(business.url, ann.session, post)
    await like(business.url, bo.session, post)
    await like(business.url, ann.session, other)
    const shown = (id: string) => showPost(business.url, bo.session, id)
    await waitUntil(async () => (await shown(post)).likes === 2 && (await shown(other)).likes === 1)

    await leave(auth.url, ann)

    await waitUntil(async () => (await shown(post)).author === null)
    assert.equal((await shown(post)).likes, 2)
    assert.equal((await shown(other)).likes, 1)
    assert.equal((await shown(other)).author?.id, bo.id)
  })

  it('goes on with another auth in the place of the first, and tells the log what it cannot know', async (t) => {
    const AUTH_PORT = String(await freePort())
    const first = await startAuth(t, { AUTH_PORT })
    const business = await startBusiness(t, { AUTH_URL: first.url })
    await untilReady(business.url)
    const bo = await join(first.url)
    await writePost(business.url, bo.session)

    first.signal('SIGKILL')
    await first.ended
    await waitUntil(() => business.find(troubled).length === 1)
    const second = await startAuth(t, { AUTH_PORT })
    await waitUntil(() => business.find(missed).length === 1, 60)
    const ann = await join(second.url)
    const post = await writePost(business.url, ann.session)
    await rename(second.url, ann, 'Ann of now')

    const name = async () => (await showPost(business.url, ann.session, post)).author?.name
    await waitUntil(async () => (await name()) === 'Ann of now')
    assert.deepEqual([business.find(troubled).length, business.find(well).length], [1, 1])
  })

  it('begins at the end of the feed before it serves anybody', async (t) => {
    const auth = await startFakeAuth(t)
    const { behaviour, letGo } = heldBack(answer(200, { events: [], next: 'a.1' }))
    auth.always('/events', behaviour)

    const business = spawnServer('business', { BUSINESS_PORT: '0', AUTH_URL: auth.url })
    t.after(() => void business.child.kill('SIGKILL'))
    await auth.called('/events', 1)
    const before = business.find('listening').length
    letGo()

    await waitUntil(() => business.find('listening').length === 1)
    await auth.called('/events?after=a.1&limit=100&wait=20', 1)
    assert.deepEqual([before, auth.callsTo('/events').length], [0, 1])
  })

  it('stops at once while it waits for events', async (t) => {
    const { business } = await startBoth(t)
    const startedAt = Date.now()

    business.signal('SIGTERM')

    const { code } = await business.ended
    assert.equal(code, 0)
    assert.ok(Date.now() - startedAt < 10_000) // it would wait for twenty seconds
    assert.equal(business.find(troubled).length, 0)
  })
})

describe('business on Postgres, which follows accounts', {
  ...limit,
  skip: skipUnless('postgres'),
}, () => {
  const shared = share(async (t) => {
    const provisioned = await startProvisioned(t)
    const auth = await startAuth(t)
    const CONTENT_STORE = provisioned.business
    const variables = { APP_ENV: 'demo', CONTENT_STORE, AUTH_URL: auth.url }
    return { auth, variables, owner: provisioned.owner }
  })

  async function start(t: TestContext) {
    const business = await startBusiness(t, shared().variables)
    await untilReady(business.url)
    return business
  }

  it('does what it missed while no process of it ran', async (t) => {
    const { auth } = shared()
    const first = await start(t)
    const ann = await join(auth.url)
    const bo = await join(auth.url)
    const post = await writePost(first.url, ann.session)
    first.signal('SIGTERM')
    await first.ended

    await leave(auth.url, ann)
    const second = await start(t)

    await waitUntil(async () => (await showPost(second.url, bo.session, post)).author === null)
    assert.equal(second.find(missed).length, 0)
  })

  it('is told again what its process was told that died before the bookmark moved', async (t) => {
    const { auth, owner } = shared()
    const first = await start(t)
    const ann = await join(auth.url)
    const post = await writePost(first.url, ann.session)
    const { ask, isWaitedFor } = await connectClient(t, owner)
    const nameOf = async (url: string) => (await showPost(url, ann.session, post)).author?.name
    await ask('begin')
    await ask('select * from business.account_bookmark for update')

    await rename(auth.url, ann, 'Ann of now')
    await waitUntil(isWaitedFor)
    const told = await nameOf(first.url)
    first.signal('SIGKILL')
    await first.ended
    await waitUntil(async () => !(await isWaitedFor())) // what it had begun ends by itself
    await ask(`update business.authors set name = 'as if it had never been told',
      named_epoch = null, named_number = null, named_at = null`)
    await ask('commit')
    const second = await start(t)

    await waitUntil(async () => (await nameOf(second.url)) === 'Ann of now')
    assert.equal(told, 'Ann of now')
  })

  it('may do so in several processes, of which any can do all', async (t) => {
    const { auth, owner } = shared()
    const both = await Promise.all([start(t), start(t)])
    const [one, other] = both
    const { ask } = await connectClient(t, owner)
    const members = await Promise.all(Array.from({ length: 8 }, () => join(auth.url)))
    const posts = await Promise.all(
      members.map(({ session }, index) => writePost(both[index % 2]?.url ?? '', session)),
    )

    await Promise.all(members.slice(0, 4).map((member) => rename(auth.url, member, 'First')))
    one.signal('SIGKILL')
    await Promise.all(members.slice(4).map((member) => rename(auth.url, member, 'Second')))

    const names = async () => {
      const shown = await Promise.all(
        posts.map((post, index) => showPost(other.url, members[index]?.session ?? '', post)),
      )
      return shown.map(({ author }) => author?.name)
    }
    const expected = [...Array(4).fill('First'), ...Array(4).fill('Second')]
    await waitUntil(async () => String(await names()) === String(expected))
    assert.equal((await ask('select cursor from business.account_bookmark')).length, 1)
    assert.deepEqual(
      [one, other].map((business) => business.find(missed).length),
      [0, 0],
    )
  })
})
