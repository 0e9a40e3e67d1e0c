import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { findSecrets, findTokens } from './secret-search.ts'

const token = `sp_s_${'a'.repeat(12)}_${'Zm9v'.repeat(10)}Zm8`
const password = 'a "good" pass/word?'

describe('the search for secrets', () => {
  const basic = (text: string) => Buffer.from(`${text}:${password}!`).toString('base64')
  const random = Buffer.from(token.slice(-43), 'base64url')
  const written: Readonly<Record<string, string | Buffer>> = {
    'a password as it is': password,
    'a password in JSON': JSON.stringify({ password }),
    'a password in a form': `password=${encodeURIComponent(password)}`,
    'a password in hexadecimal': Buffer.from(password).toString('hex'),
    'a password in the credentials of HTTP Basic': basic('user'),
    'a password behind a user with one character more': basic('user1'),
    'a password behind a user with two characters more': basic('user12'),
    'a token at the end': `token: ${token}`,
    'the random part of a token': `{"secret":"${token.slice(-43)}"}`,
    'the bytes of a token': Buffer.concat([Buffer.from('\0'), random, Buffer.from('\0')]),
  }
  for (const [what, bytes] of Object.entries(written)) {
    it(`finds ${what}`, () => {
      const found = findSecrets(Buffer.from(bytes), ['not there', password, token])

      assert.deepEqual(
        found.map(({ secret }) => secret),
        [what.includes('token') ? token : password],
      )
    })
  }

  it('finds nothing in what has no secret, nor what is too short to be one', () => {
    const found = findSecrets(Buffer.from('a sp_s_ pass word x'), [token, password, 'x', 'pass'])

    assert.deepEqual(found, [])
  })

  it('finds each token that nobody has named', () => {
    assert.deepEqual(findTokens(Buffer.from(`\xff"${token}" and ${token.slice(0, -1)}`)), [token])
  })
})
