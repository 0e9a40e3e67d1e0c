import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { spawnScript, type Variables, waitUntil } from '../kit/processes.ts'

const freePorts = { AUTH_PORT: '0', BUSINESS_PORT: '0' }

function launch(t: TestContext, variables: Variables = freePorts) {
  const launched = spawnScript('../../src/main.js', variables)
  t.after(async () => {
    launched.signal('SIGTERM')
    await launched.ended
  })
  return launched
}

/** The process id that the log of one of the servers gives. */
function pidOf(output: string, name: string): number {
  const line = output.split('\n').find((one) => one.startsWith(name) && one.includes('listening'))
  return Number(/"pid":(\d+)/.exec(line ?? '')?.[1])
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('the start of both servers', () => {
  it('prints the addresses, the demo credentials and what to try when both are ready', async (t) => {
    const launched = launch(t)
    await waitUntil(() => launched.output().includes('Ctrl-C stops both.'))

    const output = launched.output()
    const business = /business {2}(http\S+)/.exec(output)?.[1]
    const ready = await fetch(`${business}/readyz`)

    assert.equal(ready.status, 200)
    assert.match(output, /^auth {6}http:\/\/127\.0\.0\.1:\d+$/m)
    assert.match(output, /log in as demo@example\.com with the password postman/)
    assert.equal(output.match(/curl -s/g)?.length, 3)
    assert.ok(output.includes('  ./scripts/bot --auth http:'))
  })

  it('puts the name of its server before each line of their logs', async (t) => {
    const launched = launch(t)
    await waitUntil(() => launched.output().includes('Ctrl-C stops both.'))

    const lines = launched.output().split('\n')

    assert.ok(lines.some((line) => line.startsWith('auth     | {"time"')))
    assert.ok(lines.some((line) => line.startsWith('business | {"time"')))
  })

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`ends both servers and exits with 0 on ${signal}`, async (t) => {
      const launched = launch(t)
      await waitUntil(() => launched.output().includes('Ctrl-C stops both.'))
      const pids = ['auth', 'business'].map((name) => pidOf(launched.output(), name))

      launched.signal(signal)
      const { code } = await launched.ended

      assert.equal(code, 0)
      assert.deepEqual(pids.map(isRunning), [false, false])
      assert.equal(launched.output().match(/"stopped"/g)?.length, 2)
    })
  }

  it('exits with 1 and says why in one sentence when the port of auth is taken', async (t) => {
    const taken = createServer().listen(0, '127.0.0.1')
    t.after(() => taken.close())
    await waitUntil(() => taken.listening)
    const address = taken.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0

    const launched = launch(t, { ...freePorts, AUTH_PORT: String(port) })
    const { code } = await launched.ended

    assert.equal(code, 1)
    const sentence = `auth could not start: another program listens on 127.0.0.1:${port}.`
    assert.equal(launched.output().trim().split('\n').at(-1), sentence)
  })

  it('stops auth and exits with 1 when the port of business is taken', async (t) => {
    const taken = createServer().listen(0, '127.0.0.1')
    t.after(() => taken.close())
    await waitUntil(() => taken.listening)
    const address = taken.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0

    const launched = launch(t, { ...freePorts, BUSINESS_PORT: String(port) })
    const { code } = await launched.ended

    assert.equal(code, 1)
    const sentence = `business could not start: another program listens on 127.0.0.1:${port}.`
    assert.ok(launched.output().includes(sentence))
    assert.equal(isRunning(pidOf(launched.output(), 'auth')), false)
  })

  for (const name of ['auth', 'business']) {
    it(`stops the other server and exits with 1 when ${name} dies`, async (t) => {
      const launched = launch(t)
      await waitUntil(() => launched.output().includes('Ctrl-C stops both.'))
      const pids = ['auth', 'business'].map((one) => pidOf(launched.output(), one))

      process.kill(pidOf(launched.output(), name), 'SIGKILL')
      const { code } = await launched.ended

      assert.equal(code, 1)
      assert.match(launched.output(), new RegExp(`^${name} ended by SIGKILL\\.$`, 'm'))
      assert.deepEqual(pids.map(isRunning), [false, false])
    })
  }

  it('does so too where the log says only what goes wrong', async (t) => {
    const launched = launch(t, { ...freePorts, LOG_LEVEL: 'error' })
    await waitUntil(() => launched.output().includes('Ctrl-C stops both.'))

    launched.signal('SIGTERM')
    const { code } = await launched.ended

    assert.equal(code, 0)
    assert.doesNotMatch(launched.output(), /^(auth|business) +\|/m)
  })

  it('leaves no server behind when it is killed itself', async (t) => {
    const launched = launch(t)
    await waitUntil(() => launched.output().includes('Ctrl-C stops both.'))
    const pids = ['auth', 'business'].map((name) => pidOf(launched.output(), name))

    launched.signal('SIGKILL')

    await waitUntil(() => !pids.some(isRunning))
    assert.deepEqual(pids.map(isRunning), [false, false])
  })

  it('names every problem of the configuration and starts nothing', async (t) => {
    const launched = launch(t, { AUTH_PORT: 'http', MAX_TOKENS: '5' })

    const { code } = await launched.ended

    assert.equal(code, 1)
    assert.equal(launched.output().trim().split('\n').length, 2)
    assert.match(launched.output(), /^AUTH_PORT must be a whole number from 0 to 65535\.$/m)
  })
})
