import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Refusal, type RefusalCode, refusals, unavailable } from '../../src/http/refusal.ts'

const codes = Object.keys(refusals) as RefusalCode[] // the keys of the table are the codes
const basic = 'Basic realm="sallyport", charset="UTF-8"'
const bearer = 'Bearer realm="sallyport"'

describe('the table of refusals', () => {
  it('gives each code the status that the design names', () => {
    const statuses = Object.fromEntries(codes.map((code) => [code, new Refusal(code, '').status]))

    assert.deepEqual(statuses, {
      invalid_request: 400,
      invalid_grant: 400,
      invalid_scope: 400,
      unsupported_grant_type: 400,
      invalid_credentials: 401,
      invalid_client: 401,
      missing_token: 401,
      invalid_token: 401,
      insufficient_scope: 403,
      not_found: 404,
      method_not_allowed: 405,
      request_timeout: 408,
      conflict: 409,
      gone: 410,
      content_too_large: 413,
      unsupported_media_type: 415,
      too_many_requests: 429,
      headers_too_large: 431,
      server_error: 500,
      temporarily_unavailable: 503,
    })
  })

  it('challenges whoever has to bring credentials, and nobody else', () => {
    const challenges = codes.flatMap((code) => {
      const { challenge } = new Refusal(code, '')
      return challenge === undefined ? [] : [[code, challenge]]
    })

    assert.deepEqual(challenges, [
      ['invalid_credentials', basic],
      ['invalid_client', basic],
      ['missing_token', bearer],
      ['invalid_token', `${bearer}, error="invalid_token"`],
      ['insufficient_scope', `${bearer}, error="insufficient_scope"`],
    ])
  })

  it('has a challenge for every 401', () => {
    const silent = codes
      .map((code) => new Refusal(code, ''))
      .filter(({ status, challenge }) => status === 401 && challenge === undefined)

    assert.deepEqual(silent, [])
  })
})

describe('a refusal', () => {
  it('carries its cause beside its description', () => {
    const cause = new Error('for the log')

    const refusal = new Refusal('invalid_request', 'For the client.', { cause })

    assert.equal(refusal.message, 'For the client.')
    assert.equal(refusal.cause, cause)
    assert.deepEqual(refusal.headers, {})
  })

  it('that something is unavailable says when to come again', () => {
    const cause = new Error('for the log')

    const soon = unavailable('Full.')
    const later = unavailable('Full.', { retryAfterSeconds: 30, cause })

    assert.deepEqual([soon.status, soon.code], [503, 'temporarily_unavailable'])
    assert.deepEqual(soon.headers, { 'Retry-After': '1' })
    assert.deepEqual(later.headers, { 'Retry-After': '30' })
    assert.equal(later.cause, cause)
  })
})
