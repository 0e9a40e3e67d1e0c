import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { nothing } from '../../src/http/endpoint.ts'
import { createRouter, route } from '../../src/http/router.ts'
import { endpoint } from '../kit/endpoint.ts'
import { skipUnless } from '../kit/installed.ts'
import { share } from '../kit/shared-servers.ts'
import { statusesIn } from '../kit/sockets.ts'
import { nowhere, startFront, startStandIn } from './front.ts'

const hidden = ['/token', '/validateToken', '/introspect', '/events']

/** auth's own judgement of what a request target means. */
const meansHidden = (() => {
  const post = endpoint({ answers: { 204: nothing } }).handle(() => ({
    status: 204,
    body: undefined,
  }))
  const router = createRouter(hidden.map((path) => route(path, { POST: post })))
  return (target: string) => {
    try {
      return hidden.includes(router('POST', target).path)
    } catch {
      return false
    }
  }
})()

describe('the paths that only servers call', { skip: skipUnless('nginx') }, () => {
  const front = share(startRecordingFront)

  it('are not found in public, in the shape of all errors', async () => {
    for (const path of hidden) {
      const answer = await front().post([path])

      assert.deepEqual(statusesIn(answer), [404])
      const [, head = '', body = ''] = /^(.*?)\r\n\r\n(.*)$/s.exec(answer) ?? []
      const { error, error_description, request_id } = JSON.parse(body)
      assert.equal(error, 'not_found')
      assert.equal(error_description, 'There is nothing at this path.')
      assert.match(head, new RegExp(`\r\nX-Request-Id: ${request_id}(\r|$)`))
      assert.match(head, /\r\nContent-Type: application\/json\r\n/)
      assert.match(head, /\r\nCache-Control: no-store(\r|$)/)
    }
  })

  it('reach no server, however they are spelt', async () => {
    const targets = hidden.flatMap(spellings)
    const understood = targets.filter(meansHidden)

    const statuses = statusesIn(await front().post(targets))

    assert.ok(understood.length > 100, 'auth would take many of these for a hidden path')
    assert.equal(statuses.length, targets.length)
    assert.deepEqual(front().reached().filter(meansHidden), [])
    const answers = understood.map((target) => [target, statuses[targets.indexOf(target)]])
    assert.deepEqual(
      answers.filter(([, status]) => status !== 404 && status !== 400),
      [],
    )
  })

  it('reach no server in other words of HTTP', async () => {
    const requests = hidden.flatMap((path) => [
      `POST ${path} HTTP/1.0\r\n\r\n`,
      `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      `POST ${path}\tHTTP/1.1\r\nHost: x\r\n\r\n`,
      `POST  ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      `POST ${path} HTTP/1.1 HTTP/1.1\r\nHost: x\r\n\r\n`,
      `POST ${path}\r\n\r\n`,
      `\r\nPOST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
      `POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nPOST ${path} HTTP/1.1\r\nHost: x\r\n\r\n`,
      `POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 0\r\n\r\nPOST ${path} HTTP/1.1\r\nHost: x\r\n\r\n`,
      `POST /x HTTP/1.1\r\nHost: x\r\nX-Original-URL: ${path}\r\nX-Rewrite-URL: ${path}\r\nConnection: close\r\n\r\n`,
    ])

    await Promise.all(requests.map((request) => front().exchange('auth', request)))

    assert.deepEqual(front().reached().filter(meansHidden), [])
  })

  it('are the only ones that are kept from auth', async () => {
    const targets = [
      '/login',
      '/logout/',
      '/tokens',
      '/tok%65ns?a=/token',
      '/x/token',
      '/%2574oken',
    ]

    const statuses = statusesIn(await front().post(targets))

    assert.deepEqual(new Set(statuses), new Set([204]))
    assert.deepEqual(front().reached().slice(-targets.length), targets)
  })
})

/** Ways to write a path that mean it, and ways that some server could take to mean it. */
function spellings(path: string): string[] {
  const name = path.slice(1)
  const encode = (character: string) => `%${character.charCodeAt(0).toString(16)}`
  const escapes = name.split('').map((character) => name.replace(character, encode))
  const names = [
    ...[name, ...escapes, name.split('').map(encode).join('')],
    ...escapes.map((one) => one.replace(/%../, (digits) => digits.toUpperCase())),
    ...[name.toUpperCase(), name.toLowerCase(), name.replace('t', 'T')],
    ...[name.replace('k', '%e2%84%aa'), name.replace('o', '%c0%af'), name.replace('t', '%2574')],
  ]
  const starts = ['/', '//', '/./', '/x/../', 'http://auth/']
  const ends = ['', '/', '?a=b', '/?a']
  const oddStarts = [
    ...['///', '/x/%2e%2e/', '/%2e/', '/../', '/%2f', '/\\', '/;/'],
    ...['https://127.0.0.1:4000/', 'HTTP://x/', 'http://a//', 'http://a:b@c/'],
  ]
  const oddEnds = [
    ...[
      '//',
      '?',
      '/.',
      '/..',
      '%2f',
      '%2F/',
      '%00',
      '%20',
      '%0a',
      '#x',
      ';x',
      '.json',
      '..',
      '/x',
    ],
    ...['/../token', '%', '%zz', '?/../x', '%3f', '%23'],
  ]
  return [
    ...combine(starts, names, ends),
    ...combine([...starts, ...oddStarts], [name], [...ends, ...oddEnds]),
  ]
}

function combine(starts: readonly string[], names: readonly string[], ends: readonly string[]) {
  return starts.flatMap((start) =>
    names.flatMap((name) => ends.map((end) => `${start}${name}${end}`)),
  )
}

async function startRecordingFront(t: TestContext) {
  const targets: string[] = []
  const recorder = await startStandIn(t, (request, response) => {
    targets.push(request.url ?? '')
    request.resume()
    response.writeHead(204).end()
  })
  const nobody = await nowhere()
  const front = await startFront(t, { auth: [recorder, recorder], business: [nobody, nobody] })
  return {
    exchange: front.exchange,
    reached: () => targets,
    /** One POST after the other, each on what remains of the connection or on the next one; all answers as text. */
    async post(targets: readonly string[]): Promise<string> {
      let received = ''
      let next = 0
      while (next < targets.length) {
        const batch = targets.slice(next, next + 100)
        const requests = batch.map(
          (target) => `POST ${target} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n`,
        )
        const last = requests.pop()?.replace('Host: x', 'Host: x\r\nConnection: close') ?? ''
        const answers = await front.exchange('auth', [...requests, last].join(''))
        received += answers
        // A bad request ends its connection, and with it what was sent behind it.
        next += Math.max(1, statusesIn(answers).length)
      }
      return received
    },
  }
}
