import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { route } from '../../src/http/router.ts'
import { anything } from '../../src/http/shape.ts'
import { endpoint } from '../kit/endpoint.ts'
import { assertRefused, readAnswers } from '../kit/raw-answers.ts'
import { serveRoutes } from '../kit/servers.ts'
import { exchange } from '../kit/sockets.ts'

/** Sends a GET with these header lines; answers with what came back and how often the act has run. */
async function get(t: TestContext, headers: string, version = '1.1') {
  let acted = 0
  const act = endpoint({ answers: { 200: anything() } }).handle((call) => {
    acted++
    return { status: 200, body: { token: call.header('token') ?? null } }
  })
  const { url } = await serveRoutes(t, [route('/act', { GET: act })])
  const received = await exchange(
    t,
    url,
    `GET /act HTTP/${version}\r\n${headers}Connection: close\r\n\r\n`,
  )
  const [answer, ...more] = readAnswers(received)
  assert.deepEqual(more, [])
  return { answer, acted }
}

const linesOf = (count: number) =>
  Array.from({ length: count }, (_, index) => `h${index}: a\r\n`).join('')

describe('the header Host', () => {
  it('may be anything where it stands once', async (t) => {
    const { answer } = await get(t, 'Host: evil.test\r\n')

    assert.equal(answer?.status, 200)
  })

  it('is refused where it is missing', async (t) => {
    const { answer, acted } = await get(t, '')

    await assertRefused(answer, 400, 'invalid_request')
    assert.equal(acted, 0)
  })

  it('is refused where it stands twice, equal or not', async (t) => {
    const { answer, acted } = await get(t, 'Host: a\r\nhost: a\r\n')

    await assertRefused(answer, 400, 'invalid_request')
    assert.equal(acted, 0)
  })

  it('may be missing in HTTP/1.0, but not stand twice', async (t) => {
    const without = await get(t, '', '1.0')
    const twice = await get(t, 'Host: a\r\nHost: b\r\n', '1.0')

    assert.equal(without.answer?.status, 200)
    await assertRefused(twice.answer, 400, 'invalid_request')
  })
})

describe('headers', () => {
  it('may be as many as a client needs', async (t) => {
    const { answer } = await get(t, `Host: a\r\n${linesOf(90)}Token: one\r\n`)

    assert.deepEqual(await answer?.json(), { token: 'one' })
  })

  it('are refused where one that the act reads stands twice', async (t) => {
    const { answer } = await get(t, 'Host: a\r\nToken: one\r\nToken: two\r\n')

    await assertRefused(answer, 400, 'invalid_request')
  })

  it('are refused where one stands twice with three hundred others between', async (t) => {
    const { answer } = await get(t, `Host: a\r\nToken: one\r\n${linesOf(300)}Token: two\r\n`)

    const status = answer?.status ?? 0
    assert.ok(status === 400 || status === 431, `answered ${status}`)
  })

  it('are refused, not forgotten, where they are more than the server keeps', async (t) => {
    const { answer } = await get(t, `Host: a\r\n${linesOf(300)}Token: one\r\n`)

    await assertRefused(answer, 431, 'headers_too_large')
  })

  it('are refused with 431 where one is over-long, and where all are together', async (t) => {
    const one = await get(t, `Host: a\r\nX: ${'a'.repeat(17_000)}\r\n`)
    const together = await get(t, `Host: a\r\n${`X: ${'a'.repeat(200)}\r\n`.repeat(85)}`)

    await assertRefused(one.answer, 431, 'headers_too_large')
    await assertRefused(together.answer, 431, 'headers_too_large')
    assert.deepEqual([one.acted, together.acted], [0, 0])
  })

  it('are refused where the target alone is over-long', async (t) => {
    const { url } = await serveRoutes(t, [])

    const received = await exchange(
      t,
      url,
      `GET /${'a'.repeat(17_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
    )

    await assertRefused(readAnswers(received)[0], 431, 'headers_too_large')
  })
})
