import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { createRequestIds } from '../../src/http/listener.ts'
import { route } from '../../src/http/router.ts'
import { text } from '../../src/http/shape.ts'
import { endpoint } from '../kit/endpoint.ts'
import { recordedLog } from '../kit/log.ts'
import { assertRefused, readAnswers } from '../kit/raw-answers.ts'
import { serveRoutes } from '../kit/servers.ts'
import { exchange } from '../kit/sockets.ts'

/** Answers with the id that the act was given. */
async function start(t: TestContext) {
  const log = recordedLog()
  const tell = endpoint({ answers: { 200: text() } }).handle(({ requestId }) => ({
    status: 200,
    body: requestId,
  }))
  const { url } = await serveRoutes(t, [route('/id', { GET: tell })], { log })
  return { url, log }
}

async function askWith(t: TestContext, id: string) {
  const { url, log } = await start(t)
  const response = await fetch(`${url}/id`, { headers: { 'x-request-id': id } })
  return { told: response.headers.get('x-request-id'), body: await response.json(), log }
}

describe('the id of a request', () => {
  it('is the one that came, where it is well-formed', async (t) => {
    const id = '0AF7651916cd43dd-8448-eb211c80319c'

    const { told, body, log } = await askWith(t, id)

    assert.equal(told, id)
    assert.equal(body, id)
    assert.equal(log.find('answered')[0]?.request_id, id)
  })

  it('may have 8 to 36 characters, as many as a UUID', async (t) => {
    const [shortest, longest] = ['0123-567', 'a'.repeat(36)]

    const asked = [await askWith(t, shortest), await askWith(t, longest)]

    assert.deepEqual(
      asked.map(({ told }) => told),
      [shortest, longest],
    )
  })

  const misshapen = ['0123456', 'a'.repeat(37), '-1234567', 'postman-password', '12345678\t9', '']

  it('is made where the one that came is not well-formed, which goes nowhere', async (t) => {
    for (const id of misshapen) {
      const { told, body, log } = await askWith(t, id)

      assert.match(String(told), /^[0-9a-f]{12}-[0-9a-f]{4,}$/, id)
      assert.equal(body, told)
      assert.equal(id.length > 0 && log.text().includes(id), false)
    }
  })

  it('is made where none came, and is different each time', async (t) => {
    const { url } = await start(t)

    const first = await fetch(`${url}/id`)
    const second = await fetch(`${url}/id`)

    assert.notEqual(await first.json(), await second.json())
  })

  it('is in the body and the header of an error and in its line of the log', async (t) => {
    const { url, log } = await start(t)
    const headers = { 'x-request-id': 'feedface-0001' }

    const response = await fetch(`${url}/nothing`, { headers })

    const header = response.headers.get('x-request-id')
    const body = (await response.json()) as { request_id: string }
    assert.deepEqual([header, body.request_id], ['feedface-0001', 'feedface-0001'])
    assert.equal(log.find('refused')[0]?.request_id, 'feedface-0001')
  })

  it('is refused where two came, under an id that was made', async (t) => {
    const { url } = await start(t)
    const ids = 'X-Request-Id: feedface-0001\r\nX-Request-Id: feedface-0001\r\n'

    const received = await exchange(
      t,
      url,
      `GET /id HTTP/1.1\r\nHost: a\r\n${ids}Connection: close\r\n\r\n`,
    )

    const [answer] = readAnswers(received)
    assert.notEqual(answer?.headers.get('x-request-id'), 'feedface-0001')
    await assertRefused(answer, 400, 'invalid_request')
  })
})

describe('made ids', () => {
  it('do not repeat, within a process or across two', () => {
    const [one, other] = [createRequestIds(), createRequestIds()]

    const made = [one(), one(), other(), other(), one()]

    assert.equal(new Set(made).size, made.length)
  })
})
