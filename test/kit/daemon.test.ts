import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { makeFolder, startDaemon } from './daemon.ts'
import { waitUntil } from './processes.ts'

/** Leaves a file when it is asked to end. */
const dutiful = 'trap "touch $0; exit" TERM; echo ready; while :; do sleep 0.05; done'
const isReady = (output: string) => output.includes('ready')

/** Starts the dutiful in a process of its own, which waits until it is ended. */
function startTester(t: TestContext, file: string) {
  const script = `
    import { startDaemon } from '${new URL('daemon.js', import.meta.url).href}'
    const args = ['-c', process.argv[1], process.argv[2]]
    const isReady = (output) => output.includes('ready')
    await startDaemon({ path: '/bin/sh', args, isReady })
    process.stdout.write('started')
    setInterval(() => {}, 1000)`
  const args = ['--input-type=module', '-e', script, dutiful, file]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  t.after(() => child.kill('SIGKILL'))
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString('utf8')
  })
  return { child, output: () => output }
}

describe('a daemon', () => {
  it('ends when it is asked to', async () => {
    const file = join(makeFolder('daemon'), 'gone')
    const daemon = await startDaemon({ path: '/bin/sh', args: ['-c', dutiful, file], isReady })

    await daemon.end()

    assert.equal(daemon.isAlive(), false)
    assert.equal(existsSync(file), true)
  })

  it('is ended when those who run the tests end them early', async (t) => {
    const file = join(makeFolder('daemon'), 'gone')
    const tester = startTester(t, file)
    await waitUntil(() => tester.output() === 'started')

    tester.child.kill('SIGTERM')

    await waitUntil(() => existsSync(file))
  })

  it('is not started when it ends before it is ready, and its output says why', async () => {
    const args = ['-c', 'echo the reason >&2; exit 1']

    await assert.rejects(startDaemon({ path: '/bin/sh', args, isReady }), /the reason/)
  })

  it('is not started where there is no such program', async () => {
    await assert.rejects(startDaemon({ path: '/nowhere/x', args: [], isReady }), /ENOENT/)
  })
})
