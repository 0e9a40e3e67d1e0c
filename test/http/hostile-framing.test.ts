import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { rawLogin, rightJson, startLoginServer } from '../kit/login-server.ts'
import { assertRefused, readAnswers } from '../kit/raw-answers.ts'
import { exchange, openSocket, statusesIn } from '../kit/sockets.ts'

const length = `Content-Length: ${rightJson.length}\r\n`
const chunked = 'Transfer-Encoding: chunked\r\n'
const size = rightJson.length.toString(16)
const inChunks = `${size}\r\n${rightJson}\r\n0\r\n\r\n`
const smuggled = 'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n'

describe('a login whose end is a matter of opinion', () => {
  const refused: Readonly<Record<string, string>> = {
    'a length and chunks': rawLogin(`${length}${chunked}`, inChunks),
    'chunks and a length': rawLogin(`${chunked}${length}`, inChunks),
    'two lengths that differ': rawLogin(`${length}Content-Length: 5\r\n`, rightJson),
    'two lengths that are equal': rawLogin(`${length}${length}`, rightJson),
    'a list of lengths': rawLogin(`Content-Length: 5, 5\r\n`, rightJson),
    'a length with a sign': rawLogin(`Content-Length: +${rightJson.length}\r\n`, rightJson),
    'a negative length': rawLogin('Content-Length: -1\r\n', rightJson),
    'a hexadecimal length': rawLogin('Content-Length: 0x5\r\n', rightJson),
    'a length past all numbers': rawLogin('Content-Length: 99999999999999999999\r\n', rightJson),
    'an empty length': rawLogin('Content-Length:\r\n', rightJson),
    'chunks that are not the last coding': rawLogin(
      'Transfer-Encoding: chunked, gzip\r\n',
      inChunks,
    ),
    'chunks twice in a list': rawLogin('Transfer-Encoding: chunked, chunked\r\n', inChunks),
    'chunks twice in two headers': rawLogin(`${chunked}${chunked}`, inChunks),
    'space before the colon': rawLogin('Transfer-Encoding : chunked\r\n', inChunks),
    'a tab before the colon': rawLogin('Transfer-Encoding\t: chunked\r\n', inChunks),
    'a folded header': rawLogin('Transfer-Encoding:\r\n chunked\r\n', inChunks),
    'bare line feeds': rawLogin(chunked, inChunks).replaceAll('\r\n', '\n'),
  }

  it('is refused with 400, and what stands behind it is not read as a request', async (t) => {
    const { send, assertUnharmed } = await startLoginServer(t)

    for (const [kind, bytes] of Object.entries(refused)) {
      const received = await send(bytes + smuggled)
      assert.deepEqual(statusesIn(received), [400], kind)
    }

    await assertUnharmed()
  })

  const unknownCodings = ['xchunked', 'identity', 'gzip', 'cow', 'chunked;a=b', '"chunked"']

  it('is refused or cut off for a transfer coding that is unknown', async (t) => {
    const { send, assertUnharmed } = await startLoginServer(t)

    for (const coding of unknownCodings) {
      const received = await send(rawLogin(`Transfer-Encoding: ${coding}\r\n`, inChunks) + smuggled)
      assert.ok(['', '400', '415'].includes(statusesIn(received).join()), `${coding}: ${received}`)
    }

    await assertUnharmed()
  })

  it('is refused for chunks of compressed content', async (t) => {
    const { send, assertUnharmed } = await startLoginServer(t)

    const received = await send(rawLogin('Transfer-Encoding: gzip, chunked\r\n', inChunks))

    assert.match(received, /^HTTP\/1\.1 4\d\d /)
    await assertUnharmed()
  })
})

describe('a request of HTTP/1.0 in chunks, which HTTP/1.0 has not', () => {
  it('is refused, and its connection ends before what would be the next request', async (t) => {
    const { url, assertUnharmed } = await startLoginServer(t)
    const request = `GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n${chunked}\r\n0\r\n\r\n`

    const received = await exchange(t, url, request + request)

    assert.deepEqual(statusesIn(received), [400])
    await assertUnharmed()
  })
})

describe('a login in broken chunks', () => {
  const broken: Readonly<Record<string, string>> = {
    'a size that is no number': 'zz\r\n',
    'a negative size': '-1\r\n',
    'a size past all numbers': 'fffffffffffffffff\r\n',
    'a size with 0x before it': `0x${size}\r\n${rightJson}\r\n0\r\n\r\n`,
    'no line break behind a chunk': `${size}\r\n${rightJson}0\r\n\r\n`,
    'a bare line feed behind a size': `${size}\n${rightJson}\r\n0\r\n\r\n`,
    'extensions without end': `${size};${'a'.repeat(20_000)}\r\n${rightJson}\r\n0\r\n\r\n`,
    'trailers without end': `${size}\r\n${rightJson}\r\n0\r\na: ${'a'.repeat(20_000)}\r\n\r\n`,
  }

  it('is refused or cut off', async (t) => {
    const { send, assertUnharmed } = await startLoginServer(t)

    for (const [kind, body] of Object.entries(broken)) {
      const received = await send(rawLogin(chunked, body))
      assert.ok(
        ['', '400', '413', '431'].includes(statusesIn(received).join()),
        `${kind}: ${received}`,
      )
    }

    await assertUnharmed()
  })

  it('gets one answer and not a second when the body breaks after it', async (t) => {
    const { url, assertUnharmed } = await startLoginServer(t)
    const socket = await openSocket(t, url)
    const closed = once(socket, 'close')
    let received = ''
    socket.on('data', (chunk) => {
      received += String(chunk)
    })

    socket.write(`POST /nothing HTTP/1.1\r\nHost: a\r\n${chunked}\r\n`)
    await once(socket, 'data')
    socket.write('zz\r\n')
    await closed

    assert.deepEqual(statusesIn(received), [404])
    await assertUnharmed()
  })
})

describe('what is no request of HTTP/1.1', () => {
  const garbage: Readonly<Record<string, string | Buffer>> = {
    'bytes at random': Buffer.from('00ff10fe80c27f0d0a0d0a', 'hex'),
    'a TLS handshake': Buffer.from('16030100c8010000c403035b90', 'hex'),
    'the preface of HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    'HTTP/0.9': 'GET /healthz\r\n\r\n',
    'HTTP/3.0': 'GET /healthz HTTP/3.0\r\nHost: a\r\n\r\n',
    'another protocol': 'SSH-2.0-OpenSSH_9.2\r\n',
    'an unknown method': 'STEAL /healthz HTTP/1.1\r\nHost: a\r\n\r\n',
    'a method in lower case': 'get /healthz HTTP/1.1\r\nHost: a\r\n\r\n',
    'a space in the target': 'GET /health z HTTP/1.1\r\nHost: a\r\n\r\n',
    'NUL in the target': 'GET /healthz\0 HTTP/1.1\r\nHost: a\r\n\r\n',
    'no target': 'GET HTTP/1.1\r\nHost: a\r\n\r\n',
    'a header without a name': 'GET /healthz HTTP/1.1\r\n: a\r\n\r\n',
  }

  it('is refused with 400 in the one shape of errors', async (t) => {
    const { send, assertUnharmed } = await startLoginServer(t)

    for (const [kind, bytes] of Object.entries(garbage)) {
      const [answer, ...more] = readAnswers(await send(bytes))
      assert.deepEqual([answer?.status, more], [400, []], kind)
      await assertRefused(answer, 400, 'invalid_request')
    }

    await assertUnharmed()
  })

  it('is cut off where it asks for a tunnel', async (t) => {
    const { send, assertUnharmed } = await startLoginServer(t)

    const received = await send('CONNECT evil.test:443 HTTP/1.1\r\nHost: evil.test\r\n\r\n')

    assert.equal(received, '')
    await assertUnharmed()
  })

  it('is cut off behind a request that is still being answered', async (t) => {
    const { send, url } = await startLoginServer(t)

    const received = await send(
      `${rawLogin(length, rightJson).replace('Connection: close', 'X: a')}\0\0garbage\r\n\r\n`,
    )

    assert.ok(['', '200'].includes(statusesIn(received).join()), received)
    assert.equal((await fetch(`${url}/healthz`)).status, 200)
  })
})
