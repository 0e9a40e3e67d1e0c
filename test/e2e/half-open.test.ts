import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { logInDemo } from '../kit/demo.ts'
import { startBoth, waitUntil } from '../kit/processes.ts'
import { getData } from '../kit/servers.ts'
import { exchange, openSocket, statusesIn } from '../kit/sockets.ts'

const connections = 500
/** Generous: what is looked for are leaks of a megabyte a request. */
const maxGrowthMegabytes = 128
const needsProc = process.platform === 'linux' ? false : 'memory is read from /proc'

describe('A server with 500 half-open connections', () => {
  it('goes on answering /data, and closes them after ten seconds', async (t) => {
    const { auth, business } = await startBoth(t)
    const token = await logInDemo(auth.url)
    const startedAt = Date.now()
    const halfOpen = await openHalf(t, business.url)
    const allOpenAt = Date.now()
    const trickle = setInterval(() => {
      for (const { socket } of halfOpen) socket.write('x')
    }, 1_000)
    t.after(() => clearInterval(trickle))

    const slowest = await slowestData(business.url, token)
    const stillOpen = halfOpen.filter(({ socket }) => !socket.closed).length
    await waitUntil(() => halfOpen.every(({ socket }) => socket.closed), 20)
    const closedAt = Date.now()

    assert.equal(slowest < 1_000, true, `${slowest} ms`)
    assert.equal(stillOpen, connections)
    assert.equal(closedAt - startedAt >= 9_000, true, `${closedAt - startedAt} ms`)
    assert.equal(closedAt - allOpenAt < 14_000, true, `${closedAt - allOpenAt} ms`)
    const answers = new Set(halfOpen.flatMap(({ received }) => statusesIn(received())))
    assert.deepEqual(answers, new Set([408]))
    assert.equal((await getData(business.url, token)).status, 200)
  })

  it('keeps its memory within bounds', { skip: needsProc }, async (t) => {
    const { business } = await startBoth(t)
    const before = residentMegabytes(business.pid)

    const halfOpen = await openHalf(t, business.url)
    await fetch(`${business.url}/healthz`)

    const growth = residentMegabytes(business.pid) - before
    assert.equal(growth < maxGrowthMegabytes, true, `${growth} MiB`)
    assert.equal(
      halfOpen.every(({ socket }) => !socket.closed),
      true,
    )
  })
})

describe('A server that is sent bodies of a megabyte', () => {
  it('refuses them and keeps its memory within bounds', { skip: needsProc }, async (t) => {
    const { auth } = await startBoth(t)
    const before = residentMegabytes(auth.pid)
    const body = 'x'.repeat(1024 * 1024)
    const statuses: number[] = []
    for (let round = 0; round < 20; round++) {
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => exchange(t, auth.url, loginWith(body))),
      )
      statuses.push(...answers.flatMap(statusesIn))
    }

    const growth = residentMegabytes(auth.pid) - before

    assert.equal(growth < maxGrowthMegabytes, true, `${growth} MiB`)
    assert.deepEqual(new Set(statuses), new Set([413]))
    assert.equal((await fetch(`${auth.url}/healthz`)).status, 200)
  })
})

interface HalfOpen {
  readonly socket: Socket
  readonly received: () => string
}

/** Connections that have sent the first bytes of a request, and then nothing. */
async function openHalf(t: TestContext, url: string): Promise<HalfOpen[]> {
  const halfOpen: HalfOpen[] = []
  for (let opened = 0; opened < connections; opened += 50) {
    const sockets = await Promise.all(Array.from({ length: 50 }, () => openSocket(t, url)))
    for (const socket of sockets) {
      let received = ''
      socket.on('data', (chunk) => {
        received += chunk.toString('latin1')
      })
      socket.write('GET /data HTTP/1.1\r\nX-Slow: x')
      halfOpen.push({ socket, received: () => received })
    }
  }
  return halfOpen
}

/** The slowest of some requests, one after the other, in milliseconds. */
async function slowestData(businessUrl: string, token: string): Promise<number> {
  let slowest = 0
  for (let asked = 0; asked < 100; asked++) {
    const startedAt = Date.now()
    const response = await getData(businessUrl, token)
    assert.equal(response.status, 200)
    await response.arrayBuffer()
    slowest = Math.max(slowest, Date.now() - startedAt)
    await wait(20)
  }
  return slowest
}

function loginWith(body: string): string {
  const headers = 'Host: x\r\nConnection: close\r\nContent-Type: application/json'
  return `POST /login HTTP/1.1\r\n${headers}\r\nContent-Length: ${body.length}\r\n\r\n${body}`
}

function residentMegabytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024
}
