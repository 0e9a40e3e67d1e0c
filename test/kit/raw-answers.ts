/** Answers as tests read them, whether `fetch` brought them or a raw socket. */
import assert from 'node:assert/strict'
import type { RefusalCode } from '../../src/http/refusal.ts'

/** The final answers in what came over a socket, in order, told apart by their own lengths. Not for answers to HEAD. */
export function readAnswers(received: string): Response[] {
  const answers: Response[] = []
  let rest = Buffer.from(received, 'latin1')
  while (rest.length > 0) {
    const headEnd = rest.indexOf('\r\n\r\n')
    assert.notEqual(headEnd, -1, 'an answer has no end of its headers')
    const [statusLine = '', ...lines] = rest.toString('latin1', 0, headEnd).split('\r\n')
    const headers = new Headers(lines.map(splitHeader))
    const bodyEnd = headEnd + 4 + Number(headers.get('content-length') ?? 0)
    const body = rest.subarray(headEnd + 4, bodyEnd)
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1])
    assert.ok(body.length === bodyEnd - headEnd - 4, 'an answer is shorter than it says')
    if (status >= 200)
      answers.push(new Response(body.length === 0 ? null : body, { status, headers }))
    rest = rest.subarray(bodyEnd)
  }
  return answers
}

function splitHeader(line: string): [string, string] {
  const colon = line.indexOf(':')
  return [line.slice(0, colon), line.slice(colon + 1).trim()]
}

/** Asserts the one shape that every error has, and answers with its description. */
export async function assertRefused(
  response: Response | undefined,
  status: number,
  error: RefusalCode,
): Promise<string> {
  assert.ok(response !== undefined, 'there is no answer')
  const body = (await response.json()) as Readonly<Record<string, unknown>> // asserted below
  assert.deepEqual([response.status, body.error], [status, error])
  assert.deepEqual(Object.keys(body), ['error', 'error_description', 'request_id'])
  assert.match(String(body.error_description), /^[A-Z].+\.$/)
  assert.match(String(body.request_id), /^[0-9a-f][0-9a-f-]{7,63}$/i)
  assert.equal(response.headers.get('content-type'), 'application/json')
  assert.equal(response.headers.get('cache-control'), 'no-store')
  return String(body.error_description)
}
