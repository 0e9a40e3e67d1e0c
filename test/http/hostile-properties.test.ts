import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { rawLogin, startLoginServer } from '../kit/login-server.ts'
import { statusesIn } from '../kit/sockets.ts'

const runs = { numRuns: 150 }
const line = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes))
const isClientError = (status: number) => status >= 400 && status < 500

describe('a served login', () => {
  it('answers any bytes in its body with a 4xx', async (t) => {
    const { send, assertUnharmed } = await startLoginServer(t)
    const type = fc.constantFrom('application/json', 'application/x-www-form-urlencoded')

    await fc.assert(
      fc.asyncProperty(type, fc.uint8Array({ maxLength: 300 }), async (one, bytes) => {
        const head = rawLogin(`Content-Length: ${bytes.length}\r\n`, '')
        const typed = head.replace('application/json', one)
        const received = await send(Buffer.concat([Buffer.from(typed), bytes]))
        assert.match(received, /^HTTP\/1\.1 4\d\d /)
      }),
      runs,
    )

    await assertUnharmed()
  })

  it('answers any JSON with a 4xx', async (t) => {
    const { send, assertUnharmed } = await startLoginServer(t)
    const fields = fc.record({ username: fc.jsonValue(), password: fc.jsonValue() })

    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.jsonValue(), fields), async (value) => {
        const json = JSON.stringify(value)
        const head = rawLogin(`Content-Length: ${Buffer.byteLength(json)}\r\n`, '')
        const received = await send(Buffer.from(head + json))
        assert.match(received, /^HTTP\/1\.1 4\d\d /)
      }),
      runs,
    )

    await assertUnharmed()
  })

  it('answers any bytes in its target with a 4xx or the end of the connection', async (t) => {
    const { send, assertUnharmed } = await startLoginServer(t)
    const [before, after] = ['POST /', ' HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n']

    await fc.assert(
      fc.asyncProperty(line, async (target) => {
        const received = await send(
          Buffer.concat([Buffer.from(before), target, Buffer.from(after)]),
        )
        assert.ok(statusesIn(received).every(isClientError), received)
      }),
      runs,
    )

    await assertUnharmed()
  })

  it('answers any bytes in its Authorization header with a 4xx or the end of the connection', async (t) => {
    const { send, assertUnharmed } = await startLoginServer(t)
    const scheme = fc.constantFrom('', 'Basic ', 'Bearer ')
    const head = 'POST /login HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: '

    await fc.assert(
      fc.asyncProperty(scheme, line, async (one, value) => {
        const received = await send(
          Buffer.concat([Buffer.from(head + one), value, Buffer.from('\r\n\r\n')]),
        )
        assert.ok(statusesIn(received).every(isClientError), received)
      }),
      runs,
    )

    await assertUnharmed()
  })

  it('answers any bytes in place of a request with a 4xx or the end of the connection', async (t) => {
    const { send, assertUnharmed } = await startLoginServer(t)

    await fc.assert(
      fc.asyncProperty(line, async (bytes) => {
        const received = await send(Buffer.concat([bytes, Buffer.from('\r\n\r\n\0\r\n\r\n')]))
        assert.ok(statusesIn(received).every(isClientError), received)
      }),
      runs,
    )

    await assertUnharmed()
  })
})
