import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { createReadiness, healthRoutes, type Probes } from '../../src/http/health.ts'
import { manualClock } from '../kit/clock.ts'
import { countedClock } from '../kit/counted-clock.ts'
import { createGate } from '../kit/gate.ts'
import { recordedLog } from '../kit/log.ts'
import { assertRefused } from '../kit/raw-answers.ts'
import { serveRoutes } from '../kit/servers.ts'

function readinessOf(probes: Probes) {
  const clock = countedClock(manualClock())
  const log = recordedLog()
  const readiness = createReadiness({ probes, log, clock, deadlineMilliseconds: 1_000 })
  return { readiness, clock, log }
}

const succeed = async () => {}
const fail = async () => {
  throw new Error('no route')
}

describe('readiness', () => {
  it('is missing for everything before the first probe', () => {
    const { readiness, log } = readinessOf({ store: succeed, auth: succeed })

    assert.deepEqual(readiness.failing, ['store', 'auth'])
    assert.equal(log.text(), '')
  })

  it('is there after probes that succeed, without a line in the log', async () => {
    const { readiness, log } = readinessOf({ store: succeed, auth: succeed })

    await readiness.probe()

    assert.deepEqual(readiness.failing, [])
    assert.equal(log.text(), '')
  })

  it('is missing for what fails, and the log has the reason', async () => {
    const { readiness, log } = readinessOf({ store: fail, auth: succeed })

    await readiness.probe()

    const [line] = log.find('not ready')
    assert.deepEqual(readiness.failing, ['store'])
    assert.deepEqual([line?.level, line?.probe], ['warn', 'store'])
    assert.match(String(line?.error), /^Error: no route\n/)
  })

  it('is missing for a probe that throws at once', async () => {
    const store = () => assert.fail('at once')
    const { readiness } = readinessOf({ store })

    await readiness.probe()

    assert.deepEqual(readiness.failing, ['store'])
  })

  it('is missing for a probe that has not answered at its deadline', async () => {
    const { readiness, clock, log } = readinessOf({ store: () => new Promise(() => {}) })

    const probing = readiness.probe()
    clock.advance(1_000)
    await probing

    assert.deepEqual(readiness.failing, ['store'])
    assert.match(String(log.find('not ready')[0]?.error), /no answer within 1000 ms/)
  })

  it('is there for a probe that answers a millisecond before its deadline', async () => {
    const answer = createGate()
    const { readiness, clock } = readinessOf({ store: () => answer.opened })

    const probing = readiness.probe()
    clock.advance(999)
    answer.open()
    await probing

    assert.deepEqual(readiness.failing, [])
  })

  it('leaves no deadline running behind a probe that has answered', async () => {
    const { readiness, clock } = readinessOf({ store: succeed, auth: fail })

    await readiness.probe()

    assert.equal(clock.pending(), 0)
  })

  it('is told to the log when it changes and only then', async () => {
    let probe = succeed
    const { readiness, log } = readinessOf({ store: () => probe() })
    await readiness.probe()

    probe = fail
    await readiness.probe()
    await readiness.probe()
    probe = succeed
    await readiness.probe()
    await readiness.probe()

    assert.equal(log.find('not ready').length, 1)
    assert.deepEqual(
      log.find('ready again').map(({ probe: name }) => name),
      ['store'],
    )
  })

  it('does not come back after the stop', async () => {
    const { readiness } = readinessOf({ store: succeed })
    await readiness.probe()

    readiness.stop()
    await readiness.probe()

    assert.deepEqual(readiness.failing, ['shutdown'])
  })
})

async function startHealth(t: TestContext, { mayKnowWhy = false } = {}) {
  let probed = 0
  const store = async () => {
    probed++
    throw new Error('no route')
  }
  const made = readinessOf({ store })
  const routes = healthRoutes({ readiness: made.readiness, mayKnowWhy: async () => mayKnowWhy })
  const { url } = await serveRoutes(t, routes)
  return { ...made, url, probed: () => probed }
}

describe('/healthz', () => {
  it('says that the process lives, whatever is not ready', async (t) => {
    const { url } = await startHealth(t)

    const response = await fetch(`${url}/healthz`)

    assert.equal(response.status, 200)
    assert.deepEqual(await response.json(), { status: 'ok' })
  })
})

describe('/readyz', () => {
  it('says that the server is ready', async (t) => {
    const { readiness } = readinessOf({ store: succeed })
    const { url } = await serveRoutes(t, healthRoutes({ readiness, mayKnowWhy: async () => false }))
    await readiness.probe()

    const response = await fetch(`${url}/readyz`)

    assert.equal(response.status, 200)
    assert.deepEqual(await response.json(), { status: 'ready' })
  })

  it('never starts a probe', async (t) => {
    const { url, readiness, probed } = await startHealth(t)
    await readiness.probe()

    const responses = await Promise.all([fetch(`${url}/readyz`), fetch(`${url}/readyz`)])

    assert.deepEqual(
      responses.map(({ status }) => status),
      [503, 503],
    )
    assert.equal(probed(), 1)
  })

  it('does not tell strangers what is not ready', async (t) => {
    const { url, readiness } = await startHealth(t)
    await readiness.probe()

    const response = await fetch(`${url}/readyz`)

    const description = await assertRefused(response, 503, 'temporarily_unavailable')
    assert.equal(response.headers.get('retry-after'), '1')
    assert.equal(description, 'This server is not ready.')
  })

  it('tells those who may know', async (t) => {
    const { url, readiness } = await startHealth(t, { mayKnowWhy: true })
    await readiness.probe()

    const response = await fetch(`${url}/readyz`)

    const description = await assertRefused(response, 503, 'temporarily_unavailable')
    assert.equal(description, 'This server is not ready: store.')
  })
})
