/** Secrets are planted in every part of every request, and then all that both processes ever wrote is searched. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, it, type TestContext } from 'node:test'
import { demoCredentials } from '../kit/demo.ts'
import { startBoth, waitUntil } from '../kit/processes.ts'
import { getData, logIn, serviceTokenOf } from '../kit/servers.ts'
import { exchange, statusesIn } from '../kit/sockets.ts'
import { startUpOf } from '../kit/start-up.ts'
import { recordSecret } from '../kit/used-secrets.ts'

/** No hexadecimal: what looks like a request id is a request id. */
const password = recordSecret(`Planted!${randomBytes(12).toString('base64url')}`)
const clientSecret = `planted~${randomBytes(32).toString('base64url')}`

describe('Secrets in every part of every request', () => {
  it('reach neither the log of a server nor the answer to who sent them', async (t) => {
    const variables = { LOG_LEVEL: 'debug', BUSINESS_CLIENT_SECRET: clientSecret }
    const { auth, business } = await startBoth(t, variables)
    const token = await logIn(auth.url, demoCredentials)
    const service = await serviceTokenOf(auth.url, { id: 'business', secret: clientSecret })
    const secrets = [password, token, service, clientSecret]
    const requests = secrets.flatMap((secret) => requestsWith(secret))
    const logins = secrets.flatMap((secret) => loginsWith(secret))
    await getData(business.url, token)

    const answers = [
      ...(await sendAll(t, auth.url, requests)),
      ...(await sendAll(t, business.url, requests)),
      ...(await sendAll(t, auth.url, logins)),
    ]
    auth.signal('SIGKILL')
    await auth.ended
    answers.push(...(await sendAll(t, business.url, secrets.map(dataWith))))

    await waitUntil(() => business.find('answered').some(({ status }) => status === 503))
    const told = [auth.output(), business.output(), ...answers].join('\n')
    assert.deepEqual(tracesOf(secrets, told), [])
    const answered = [...auth.find('answered'), ...business.find('answered')]
    assert.equal(answered.length >= requests.length, true)
    const sent = [...requests, ...requests, ...logins, ...secrets.map(dataWith)]
    const unanswered = sent.filter((_, index) => statusesIn(answers[index] ?? '').length === 0)
    // Where the framing of a body is broken, the connection may just be closed.
    const unexplained = unanswered.filter(({ headers = {} }) => !('Transfer-Encoding' in headers))
    assert.deepEqual(unexplained, [])
  })

  it('reach no log by way of a configuration that is refused', async (t) => {
    const variables = { AUTH_URL: `http://user:${password}@127.0.0.1`, AUTH_PORT: password }

    const { output, code } = await startUpOf(t, 'auth', {
      ...variables,
      BUSINESS_CLIENT_SECRET: `too short ${password}`,
    })

    assert.equal(code, 1)
    assert.match(output, /BUSINESS_CLIENT_SECRET must be/)
    assert.deepEqual(tracesOf([password], output), [])
  })
})

/** Where a secret, its random part, or its Basic or percent form can be found in a text. */
function tracesOf(secrets: readonly string[], text: string): string[] {
  const forms = secrets.flatMap((secret) => [
    secret,
    secret.slice(-16),
    encodeURIComponent(secret),
    Buffer.from(`:${secret}`).toString('base64').slice(4, -4),
    Buffer.from(`x:${secret}`).toString('base64').slice(4, -4),
    Buffer.from(`xx:${secret}`).toString('base64').slice(4, -4),
  ])
  return forms.filter((form) => text.includes(form))
}

interface Request {
  readonly method?: string
  readonly target?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

const json = { 'Content-Type': 'application/json' }
const form = { 'Content-Type': 'application/x-www-form-urlencoded' }

/** One request for each part in which a secret can stray. */
function requestsWith(secret: string): Request[] {
  const basic = Buffer.from(`${secret}:${secret}`).toString('base64')
  const paths = ['/data', '/login', '/logout', '/token', '/validateToken', '/healthz', '/readyz']
  return [
    { target: `/${secret}` },
    { target: `/data/${secret}/%zz` },
    { target: `//${secret}@evil.test/data` },
    { target: `http://${secret}/data` },
    { method: secret.replaceAll(/[^A-Za-z]/g, '') },
    ...paths.map((path) => ({ target: `${path}?${secret}=${secret}#${secret}` })),
    ...paths.map((path) => ({ method: 'POST', target: path, headers: strayHeaders(secret) })),
    { target: '/data', headers: { Authorization: `Bearer ${secret}` } },
    { target: '/data', headers: { Authorization: `Bearer ${secret} ${secret}` } },
    { target: '/data', headers: { Authorization: `Bearer ${secret}`, token: `x${secret}` } },
    { target: '/data', headers: { Authorization: `Basic ${basic}` } },
    { target: '/data', headers: { Authorization: secret } },
    { target: '/data', headers: { token: secret } },
    { target: '/data', headers: { token: `"${secret}"` } },
    { target: '/data', headers: { Host: secret } },
    { target: '/data', headers: { [`X-${secret.replaceAll('~', '')}`]: 'x' } },
    { target: '/data', headers: { [`bad name ${secret}`]: 'x' } },
    post('/logout', { Authorization: `Bearer x${secret}` }, ''),
    post('/token', { ...form, Authorization: `Basic ${basic}` }, 'grant_type=client_credentials'),
    post('/token', { ...form, Authorization: `Basic ${secret}` }, `grant_type=${secret}`),
    post('/token', form, `client_id=business&client_secret=${secret}&scope=${secret}`),
    post('/validateToken', { ...json, Authorization: `Bearer ${secret}` }, `{"token":"${secret}"}`),
    post(
      '/validateToken',
      { ...json, Authorization: `Bearer ${secret}` },
      `{"tokens":"${secret}"}`,
    ),
    post('/login', { 'Content-Type': 'text/plain' }, secret),
    post('/login', { 'Content-Type': secret }, secret),
    post('/login', { ...json, 'Content-Encoding': secret }, secret),
    post('/login', { ...json, 'Transfer-Encoding': secret }, secret),
    post('/login', json, `{"username":"${secret}","password":"${secret}"`),
    post('/login', json, secret),
    post('/login', json, `{"${secret}":"${secret}"}`),
    post('/login', json, `{"username":"x","username":"${secret}","password":"${secret}"}`),
    post('/login', json, `{"username":"x","password":["${secret}"]}`),
    post('/login', json, `{"username":{"${secret}":1},"password":"${secret}"}`),
    post('/login', json, `{"username":"\\ud800${secret}","password":"${secret}"}`),
    post('/login', json, `{"username":"${'x'.repeat(1025)}${secret}","password":"${secret}"}`),
    post('/login', json, `{"username":"${secret}","password":"${'x'.repeat(20_000)}"}`),
    post('/login', form, `username=${secret}&password=${secret}&password=${secret}`),
    post('/login', form, `username=${secret}&password=${secret}%zz`),
    post('/login', form, `${secret}=${secret}`),
    post('/login', { Authorization: `Basic !${basic}` }, ''),
    post('/login', { ...json, Authorization: `Basic ${basic}` }, `{"username":"${secret}"}`),
  ]
}

/** What reaches the password check: each costs a whole derivation. */
function loginsWith(secret: string): Request[] {
  const basic = Buffer.from(`${secret}:${secret}`).toString('base64')
  return [
    post('/login', json, JSON.stringify({ username: secret, password: secret, [secret]: secret })),
    post('/login', form, `username=demo@example.com&password=${secret}&${secret}=${secret}`),
    post('/login', { Authorization: `Basic ${basic}` }, ''),
  ]
}

function dataWith(secret: string): Request {
  return { target: '/data', headers: { Authorization: `Bearer x${secret}` } }
}

function strayHeaders(secret: string): Record<string, string> {
  const names = ['X-Request-Id', 'Cookie', 'User-Agent', 'Referer', 'Origin', 'X-Forwarded-For']
  return Object.fromEntries([...names, 'Expect', 'Accept', 'Range'].map((name) => [name, secret]))
}

function post(target: string, headers: Readonly<Record<string, string>>, body: string): Request {
  return { method: 'POST', target, headers, body }
}

function bytesOf({ method = 'GET', target = '/', headers = {}, body = '' }: Request): string {
  const framing = 'Transfer-Encoding' in headers ? {} : { 'Content-Length': String(body.length) }
  const all = { Host: 'sallyport.test', Connection: 'close', ...framing, ...headers }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n${body}`
}

/** A few at a time. The answers, in the same order. */
async function sendAll(
  t: TestContext,
  url: string,
  requests: readonly Request[],
): Promise<string[]> {
  const answers: string[] = []
  for (let start = 0; start < requests.length; start += 16) {
    const slice = requests.slice(start, start + 16)
    answers.push(...(await Promise.all(slice.map((one) => exchange(t, url, bytesOf(one), 30_000)))))
  }
  return answers
}
