import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readTokenAnswer } from '../../src/business/service-token.ts'

const granted = {
  access_token: 'credential-1',
  token_type: 'Bearer',
  expires_in: 300,
  scope: 'tokens:validate',
}

describe('the answer to the request for a service token', () => {
  it('is read as it is', () => {
    const answer = { status: 200, text: JSON.stringify(granted) }

    assert.deepEqual(readTokenAnswer(answer), granted)
  })

  it('loses the fields that nobody declared', () => {
    const answer = { status: 200, text: JSON.stringify({ ...granted, refresh_token: 'x' }) }

    assert.deepEqual(readTokenAnswer(answer), granted)
  })

  for (const status of [201, 302, 400, 401, 429, 500, 503]) {
    it(`is refused with status ${status}, whatever it says`, () => {
      assert.throws(() => readTokenAnswer({ status, text: JSON.stringify(granted) }), {
        message: `auth answered ${status} to the request for a service token`,
      })
    })
  }

  const unreadable: Readonly<Record<string, string>> = {
    'nothing at all': '',
    'no JSON': '<html>credential-1</html>',
    'half of an answer': '{"access_token":"credential-1"',
    'JSON null': 'null',
    'a list': JSON.stringify([granted]),
    'a string': '"credential-1"',
    'a grant without a token': JSON.stringify({ ...granted, access_token: undefined }),
    'a grant of a token that is null': JSON.stringify({ ...granted, access_token: null }),
    'a grant of a token that is a number': JSON.stringify({ ...granted, access_token: 1 }),
    'a grant of another type': JSON.stringify({ ...granted, token_type: 'mac' }),
    'a life as a string': JSON.stringify({ ...granted, expires_in: '300' }),
    'a negative life': JSON.stringify({ ...granted, expires_in: -300 }),
    'a life without an end': JSON.stringify({ ...granted, expires_in: undefined }),
    'a scope that is a list': JSON.stringify({ ...granted, scope: ['tokens:validate'] }),
  }
  for (const [what, text] of Object.entries(unreadable)) {
    it(`is refused, and not repeated in the error, where it is ${what}`, () => {
      assert.throws(() => readTokenAnswer({ status: 200, text }), {
        message: 'auth granted a service token in a form that cannot be read',
      })
    })
  }
})
