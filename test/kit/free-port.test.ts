import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, it } from 'node:test'
import { freePort, onFreePort } from './free-port.ts'

describe('free ports', () => {
  it('are free, so is the port of a bus, and neither is one that the kernel would give away', async (t) => {
    const port = await freePort()

    assert.ok(port + 10_000 < 32_768, `port ${port} is too high`)
    for (const one of [port, port + 10_000]) {
      const server = createServer().listen(one, '127.0.0.1')
      t.after(() => server.close())
      await once(server, 'listening')
    }
  })

  it('are never given twice', async () => {
    const ports = new Set<number>()

    for (let count = 0; count < 500; count++) ports.add(await freePort())

    assert.equal(ports.size, 500)
  })

  it('are tried again when somebody else was faster', async () => {
    const tried: number[] = []

    const started = await onFreePort(async (port) => {
      if (tried.push(port) < 3) throw new Error('bind: Address already in use')
      return port
    })

    assert.equal(tried.length, 3)
    assert.equal(started, tried[2])
  })

  it('are not tried again after another fault', async () => {
    let count = 0

    const started = onFreePort(async () => {
      count++
      throw new Error('bad configuration')
    })

    await assert.rejects(started, /bad configuration/)
    assert.equal(count, 1)
  })
})
