import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  isBearerSyntax,
  maxBearerLength,
  readBasic,
  readBearer,
} from '../../src/http/authorization.ts'

const base64 = (text: string, encoding: BufferEncoding = 'utf8') =>
  Buffer.from(text, encoding).toString('base64')

describe('a bearer header', () => {
  it('brings its token, whatever the case of the scheme', () => {
    assert.equal(readBearer('Bearer abc'), 'abc')
    assert.equal(readBearer('bEARER abc'), 'abc')
    assert.equal(readBearer('Bearer   abc'), 'abc')
  })

  it('keeps the case of its token', () => {
    assert.equal(readBearer('BEARER aBc'), 'aBc')
  })

  it('is none where the header is missing or of another scheme', () => {
    const others = [undefined, '', 'Basic abc', 'Bearerabc', 'Bearer,abc', 'Bear abc', 'abc', ' ']

    assert.deepEqual(others.map(readBearer), Array(others.length).fill(undefined))
  })

  it('is refused without a token and with two', () => {
    const refused = { code: 'invalid_request', status: 400 }

    for (const header of ['Bearer', 'Bearer ', 'bearer   ', 'Bearer a b', 'Bearer a, Bearer b'])
      assert.throws(() => readBearer(header), refused, header)
  })
})

describe('the syntax of a bearer token', () => {
  it('holds for what RFC 6750 allows', () => {
    const allowed = ['a', 'sp_s_AZaz09-_', 'a.b.c', 'a~b+c/d==', 'a'.repeat(maxBearerLength)]

    assert.deepEqual(allowed.filter(isBearerSyntax), allowed)
  })

  it('does not hold for anything else', () => {
    const others = ['', '=', '=a', 'a=b', 'a b', 'a\t', 'a\n', 'a,b', '"a"', 'ä', 'a\0', '😀']

    assert.deepEqual(others.filter(isBearerSyntax), [])
    assert.equal(isBearerSyntax('a'.repeat(maxBearerLength + 1)), false)
  })
})

describe('a basic header', () => {
  it('brings user and password, cut at the first colon', () => {
    assert.deepEqual(readBasic(`Basic ${base64('user:pass')}`), {
      userId: 'user',
      password: 'pass',
    })
    assert.deepEqual(readBasic(`basic ${base64('u:p:q')}`), { userId: 'u', password: 'p:q' })
    assert.deepEqual(readBasic(`BASIC  ${base64('ü€:😀')}`), { userId: 'ü€', password: '😀' })
  })

  it('may leave the user or the password empty', () => {
    assert.deepEqual(readBasic(`Basic ${base64(':p')}`), { userId: '', password: 'p' })
    assert.deepEqual(readBasic(`Basic ${base64('u:')}`), { userId: 'u', password: '' })
    assert.deepEqual(readBasic(`Basic ${base64(':')}`), { userId: '', password: '' })
  })

  it('never trims the password', () => {
    assert.deepEqual(readBasic(`Basic ${base64('u: p ')}`), { userId: 'u', password: ' p ' })
  })

  it('is none where the header is missing or of another scheme', () => {
    const others = [undefined, '', 'Bearer abc', `Basic${base64('u:p')}`, 'Basi c', 'Digest u']

    assert.deepEqual(others.map(readBasic), Array(others.length).fill(undefined))
  })

  const bad: Readonly<Record<string, string>> = {
    'nothing behind the scheme': 'Basic',
    'only space behind the scheme': 'Basic  ',
    'no colon': `Basic ${base64('user')}`,
    'letters outside of base64': 'Basic dTpw!',
    'the letters of base64url': `Basic ${Buffer.from('u:??>>').toString('base64url')}`,
    'space inside': 'Basic dT pw',
    'a second value': `Basic ${base64('u:p')}, ${base64('u:q')}`,
    'a length that base64 cannot have': 'Basic dTpwd',
    'bits left over': 'Basic dTr=',
    'equals signs in front': 'Basic ==dTpw',
    'three equals signs': 'Basic dTpw===',
    'the plain text': 'Basic user:pass',
    'broken UTF-8': `Basic ${base64('753aff', 'hex')}`,
    'an over-long UTF-8 form': `Basic ${base64('753ac080', 'hex')}`,
    'a surrogate in UTF-8': `Basic ${base64('753aeda080', 'hex')}`,
    'letters outside of ASCII': 'Basic dTpwü',
  }

  it('is refused in the same words whatever is wrong with it', () => {
    for (const [kind, header] of Object.entries(bad))
      assert.throws(
        () => readBasic(header),
        {
          code: 'invalid_request',
          status: 400,
          message: "The Basic credentials must be the base64 of 'user:password' in UTF-8.",
        },
        kind,
      )
  })
})
