import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { Purpose } from '../../src/storage/ports.ts'
import {
  isTokenShape,
  keyOf,
  mintToken,
  type TokenRequest,
  tokenLength,
} from '../../src/tokens/token.ts'
import { testPurposes } from '../kit/servers.ts'

const sub = '6f1f7c54-51d5-4a55-9d0c-0a3a0f2f1c11'
const request: TokenRequest = {
  purpose: testPurposes.session,
  sub,
  name: 'Test User',
  scope: '',
  mark: undefined,
}

describe('a minted token', () => {
  it('has 61 characters at fixed offsets', () => {
    const { token } = mintToken(request)

    assert.equal(tokenLength, 61)
    assert.equal(token.length, 61)
    assert.equal(token.slice(0, 5), 'sp_s_')
    assert.equal(token[17], '_')
    assert.equal(Buffer.from(token.slice(18), 'base64url').length, 32)
  })

  it('carries the letter of its purpose', () => {
    const { token } = mintToken({ ...request, purpose: testPurposes.service })

    assert.equal(token.slice(0, 5), 'sp_c_')
  })

  it('carries the tag of its subject, the same in every token of that subject', () => {
    const one = mintToken(request)
    const other = mintToken({ ...request, purpose: testPurposes.service })
    const foreign = mintToken({ ...request, sub: 'client:business' })

    const tag = hash('sha256', sub, 'base64url').slice(0, 12)
    assert.equal(one.token.slice(5, 17), tag)
    assert.equal(other.token.slice(5, 17), tag)
    assert.notEqual(foreign.token.slice(5, 17), tag)
  })

  it('has a secret and an id of its own each time', () => {
    const minted = Array.from({ length: 100 }, () => mintToken(request))

    assert.equal(new Set(minted.map(({ token }) => token)).size, 100)
    assert.equal(new Set(minted.map(({ filed }) => filed.id)).size, 100)
  })

  it('is well-formed for every subject and name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (anySub, name) => {
        const { token, filed } = mintToken({ ...request, sub: anySub, name })

        assert.ok(isTokenShape(token))
        assert.deepEqual(filed.key, keyOf(token))
        assert.equal(filed.name, name)
      }),
    )
  })
})

describe('what is filed of a token', () => {
  it('holds neither the token nor its secret', () => {
    const { token, filed } = mintToken({ ...request, scope: 'some:scope', context: 'some context' })

    const text = JSON.stringify(filed)
    assert.ok(!text.includes(token))
    assert.ok(!text.includes(token.slice(18)))
    assert.ok(!text.includes(Buffer.from(token.slice(18), 'base64url').toString('hex')))
  })

  it('stands under the SHA-256 of the whole token and the tag of its subject', () => {
    const { token, filed } = mintToken(request)

    assert.equal(filed.key.hash, hash('sha256', token, 'base64url'))
    assert.equal(filed.key.subjectTag, token.slice(5, 17))
  })

  it('has an id that says nothing about the secret', () => {
    const { token, filed } = mintToken(request)

    const derived = [token, token.slice(18)].flatMap((known) => [
      known,
      hash('sha256', known, 'base64url'),
      hash('sha256', known, 'hex'),
    ])
    assert.equal(Buffer.from(filed.id, 'base64url').length, 16)
    assert.ok(derived.every((known) => !known.includes(filed.id)))
  })

  it('has what was asked for, and an empty context where none was', () => {
    const { filed } = mintToken({ ...request, scope: 'some:scope' })

    const { key, id, ...rest } = filed
    assert.ok(key.hash.length > 0 && id.length > 0)
    assert.deepEqual(rest, { ...request, scope: 'some:scope', context: '' })
  })

  it('takes a context of 256 bytes and refuses one of 257, counted in UTF-8', () => {
    const longest = 'é'.repeat(128)

    const { filed } = mintToken({ ...request, context: longest })

    assert.equal(filed.context, longest)
    assert.throws(() => mintToken({ ...request, context: `${longest}x` }), RangeError)
    assert.throws(() => mintToken({ ...request, context: 'é'.repeat(129) }), RangeError)
  })
})

describe('the shape of a token', () => {
  const tag = 'AZaz09_-AZaz'
  const secret = 'AZaz09-_'.repeat(6).slice(0, 43)
  const good = `sp_s_${tag}_${secret}`

  it('is that of every letter and the whole alphabet of base64url', () => {
    for (const letter of 'abcdefghijklmnopqrstuvwxyz')
      assert.ok(isTokenShape(`sp_${letter}_${tag}_${secret}`), letter)
  })

  it('is nothing else', () => {
    const bad: readonly unknown[] = [
      '',
      good.slice(0, -1),
      `${good}A`,
      ` ${good.slice(1)}`,
      `${good.slice(0, -1)}\n`,
      `${good}\n`,
      `${good.slice(0, -1)}=`,
      `${good.slice(0, -1)}+`,
      `${good.slice(0, -1)}/`,
      `${good.slice(0, -1)}é`,
      `${good.slice(0, -1)}\0`,
      good.toUpperCase(),
      `SP_s_${tag}_${secret}`,
      `sp_S_${tag}_${secret}`,
      `sp_1_${tag}_${secret}`,
      `sp-s_${tag}_${secret}`,
      `sp_s-${tag}_${secret}`,
      `sp_s_${tag}-${secret}`,
      `sq_s_${tag}_${secret}`,
      undefined,
      null,
      61,
      true,
      {},
      [good],
      Array.from(good),
      { length: 61, toString: () => good },
      new String(good), // what only looks like a string
    ]

    for (const value of bad) assert.equal(isTokenShape(value), false, JSON.stringify(value))
  })
})

describe('the key of a token', () => {
  it('is another for a token that differs in any one character', () => {
    const { token } = mintToken(request)
    const changed = Array.from(token, (character, index) => {
      const other = character === 'A' ? 'B' : 'A'
      return `${token.slice(0, index)}${other}${token.slice(index + 1)}`
    }).filter(isTokenShape)

    const keys = new Set([token, ...changed].map((one) => keyOf(one).hash))

    assert.equal(keys.size, changed.length + 1)
    assert.ok(changed.length >= 55)
  })
})

describe('the letter of a purpose', () => {
  it('is one that a token can carry', () => {
    const purposes: readonly Purpose[] = Object.values(testPurposes)

    for (const purpose of purposes)
      assert.ok(isTokenShape(mintToken({ ...request, purpose }).token), purpose.name)
  })
})
