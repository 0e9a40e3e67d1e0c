import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { describe, it, type TestContext } from 'node:test'
import { skipUnless } from '../kit/installed.ts'
import { nowhere, startFrontWith, startFrontWithOne, startRecorder, startStandIn } from './front.ts'

const reset: RequestListener = ({ socket }) => socket.resetAndDestroy()
const unavailable: RequestListener = (_request, response) => response.writeHead(503).end()

describe('nginx where a server is in trouble', { skip: skipUnless('nginx') }, () => {
  it('tries a GET at the other server where one refuses, resets or is not ready', async (t) => {
    const troubles: readonly (RequestListener | 'refuses')[] = ['refuses', reset, unavailable]

    for (const trouble of troubles) {
      const { call, seen } = await startFrontWithTrouble(t, trouble)
      const statuses: number[] = []
      for (let i = 0; i < 10; i++) statuses.push((await call('business')).status)

      assert.deepEqual(statuses, Array(10).fill(200))
      assert.equal(seen.length, 10)
    }
  })

  it('tries a POST at the other server only where it could not be sent', async (t) => {
    const refusing = await startFrontWithTrouble(t, 'refuses')
    const resetting = await startFrontWithTrouble(t, reset)
    const notReady = await startFrontWithTrouble(t, unavailable)
    const post = async ({ call }: Awaited<ReturnType<typeof startFrontWithTrouble>>) => {
      const statuses: number[] = []
      for (let i = 0; i < 4; i++)
        statuses.push((await call('business', { method: 'POST', body: 'x' })).status)
      return statuses.sort()
    }

    const statuses = [await post(refusing), await post(resetting), await post(notReady)]

    assert.deepEqual(statuses[0], [200, 200, 200, 200])
    assert.deepEqual(statuses[1], [200, 200, 503, 503])
    assert.deepEqual(statuses[2], [200, 200, 503, 503])
    assert.deepEqual([refusing.seen.length, resetting.seen.length, notReady.seen.length], [4, 2, 2])
  })

  it('uses both servers at once when they are ready again', async (t) => {
    let isReady = false
    const { call } = await startFrontWithOne(t, (request, response) => {
      if (isReady) response.end()
      else unavailable(request, response)
    })
    const before: number[] = []
    for (let i = 0; i < 20; i++) before.push((await call('business')).status)

    isReady = true
    const after = [(await call('business')).status, (await call('business')).status]

    assert.deepEqual(new Set(before), new Set([503]))
    assert.deepEqual(after, [200, 200])
  })

  it('keeps its connections to the servers', async (t) => {
    const sockets = new Set<unknown>()
    const { call } = await startFrontWithOne(t, ({ socket }, response) => {
      sockets.add(socket)
      response.end()
    })

    for (let i = 0; i < 20; i++) await call('business')

    assert.ok(sockets.size <= 2, `${sockets.size} connections`)
  })
})

/** One business in trouble, and one that is well; `seen` are the requests of the latter. */
async function startFrontWithTrouble(t: TestContext, trouble: RequestListener | 'refuses') {
  const { server: well, seen } = await startRecorder(t, (_request, response) => response.end())
  const ill = trouble === 'refuses' ? await nowhere() : await startStandIn(t, trouble)
  return { seen, ...(await startFrontWith(t, { auth: [well, well], business: [ill, well] })) }
}
