import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { formType, jsonType, rawLogin, startLoginServer } from '../kit/login-server.ts'

const secret = 'planted-secret'
const base64 = Buffer.from(`${secret}:${secret}`).toString('base64')

/** Sends each request; answers with everything that came back or was logged, at debug. */
async function everythingSaid(t: TestContext, requests: readonly string[]): Promise<string> {
  const { send, log } = await startLoginServer(t)
  let said = ''
  for (const request of requests) {
    const received = await send(request)
    assert.match(received, /^HTTP\/1\.1 4\d\d /, request)
    said += received
  }
  return said + log.text()
}

const post = (headers: string, body: string) =>
  rawLogin(`${headers}Content-Length: ${Buffer.byteLength(body)}\r\n`, body)
const get = (target: string, headers = '') =>
  `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${headers}\r\n`

describe('what a client sent', () => {
  it('is not repeated from a body, neither to it nor to the log', async (t) => {
    const said = await everythingSaid(t, [
      post('', `{"username":"${secret}","password":"${secret}"}`),
      post('', `{"username":"${secret}","password":${secret}}`),
      post('', `{"username":"${secret}","username":"${secret}"}`),
      post('', `{"${secret}":"a"}`),
      post('', `{"username":{"${secret}":1},"password":"${secret}"}`),
      post('', `{"username":"${secret.repeat(100)}","password":"${secret}"}`),
      post('', `"${secret}"`),
      post('', secret),
      post('', secret.repeat(1_500)),
    ])

    assert.equal(said.includes(secret), false)
  })

  it('is not repeated from a form', async (t) => {
    const { post: send, log } = await startLoginServer(t)
    const bodies = [
      `username=${secret}&password=${secret}`,
      `username=${secret}&username=${secret}`,
      `${secret}=a&${secret}=b`,
      `username=${secret}%zz`,
      secret,
    ]

    for (const body of bodies) {
      const response = await send(formType, body)
      const text = await response.text()
      assert.ok(response.status >= 400 && response.status < 500, body)
      assert.equal(text.includes(secret), false, body)
    }

    assert.equal(log.text().includes(secret), false)
  })

  it('is not repeated from a target', async (t) => {
    const said = await everythingSaid(t, [
      get(`/${secret}`),
      get(`/login/${secret}?${secret}`),
      get(`/login?password=${secret}`),
      get(`/${secret}/%zz`),
      get(`/${secret}%2F`),
      get(`http://${secret}/${secret}`),
      get(`/${secret}\0`),
      get(`/${secret.repeat(1_500)}`),
    ])

    assert.equal(said.includes(secret), false)
  })

  it('is not repeated from a header', async (t) => {
    const said = await everythingSaid(t, [
      get('/nothing', `X-Request-Id: ${secret}\r\n`),
      get('/nothing', `X-Request-Id: ${secret}\r\nX-Request-Id: ${secret}\r\n`),
      get('/nothing', `Cookie: ${secret}\r\nExpect: ${secret}\r\n${secret}: a\r\n`),
      get('/nothing', `Host: ${secret}\r\n`),
      get('/nothing', `${secret}\r\n`),
      get('/nothing', `X: ${secret.repeat(1_500)}\r\n`),
      post(`Content-Encoding: ${secret}\r\n`, '{}'),
      post(`Authorization: Basic ${secret}\r\n`, ''),
      post(`Authorization: Basic ${base64}\r\n`, ''),
      post(`Authorization: Basic ${base64}\r\nAuthorization: Basic ${base64}\r\n`, ''),
      rawLogin(`Content-Length: ${secret}\r\n`, ''),
      rawLogin('', '').replace('application/json', secret),
      `${secret} / HTTP/1.1\r\nHost: a\r\n\r\n`,
    ])

    assert.equal(said.includes(secret), false)
    assert.equal(said.includes(base64), false)
  })

  it('is not repeated from a bearer header', async (t) => {
    const { url, log } = await startLoginServer(t)
    const values = [`Bearer ${secret} ${secret}`, `${secret} a`, `Basic ${secret}`]

    for (const authorization of values) {
      const response = await fetch(`${url}/logout`, { method: 'POST', headers: { authorization } })
      assert.equal((await response.text()).includes(secret), false)
    }

    assert.equal(log.text().includes(secret), false)
  })

  it('is not repeated when it is a token, even one that is nobody’s', async (t) => {
    const { url, log, post: send } = await startLoginServer(t)
    const token = `sp_s_${'a'.repeat(12)}_${'b'.repeat(43)}`
    const headers = { authorization: `Bearer ${token}` }

    await fetch(`${url}/validateToken`, { method: 'POST', headers })
    await fetch(`${url}/readyz?token=${token}`, { headers })
    await send(jsonType, JSON.stringify({ username: token, password: token }))

    assert.equal(log.text().includes('bbbb'), false)
    assert.ok(log.find('answered').length >= 3)
  })
})
