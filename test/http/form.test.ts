import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decodeFormText, parseForm } from '../../src/http/form.ts'

describe('a form', () => {
  it('is names and values, decoded', () => {
    const fields = parseForm('username=a%40b.c&password=two+words%2B%26%3D&empty=&bare&eq=a=b')

    assert.deepEqual(fields, {
      username: 'a@b.c',
      password: 'two words+&=',
      empty: '',
      bare: '',
      eq: 'a=b',
    })
  })

  it('ignores empty pairs', () => {
    assert.deepEqual(parseForm('&&a=1&&'), { a: '1' })
    assert.deepEqual(parseForm(''), {})
  })

  it('reads names and values of any script', () => {
    assert.deepEqual(parseForm('%E2%82%AC=%F0%9F%98%80&ö=ü'), { '€': '😀', ö: 'ü' })
  })

  it('is refused for a field that stands twice, however it is written', () => {
    const refused = { code: 'invalid_request', message: 'The form has a field twice.' }

    assert.throws(() => parseForm('a=1&a=1'), refused)
    assert.throws(() => parseForm('a=1&b=2&%61=3'), refused)
    assert.throws(() => parseForm('a&a='), refused)
    assert.throws(() => parseForm('=1&=2'), refused)
    assert.throws(() => parseForm('a+b=1&a%20b=2'), refused)
  })

  it('is refused for an escape that is bad or is not UTF-8, in a name and in a value', () => {
    const refused = { code: 'invalid_request', message: 'The form has a bad escape.' }

    for (const bad of ['%', '%4', '%zz', '%FF', '%C0%80', '%ED%A0%80', '%E2%82', '%u0041']) {
      assert.throws(() => parseForm(`a=${bad}`), refused)
      assert.throws(() => parseForm(`${bad}=a`), refused)
    }
  })

  it('keeps a field named __proto__ off the prototype', () => {
    const fields = parseForm('__proto__=a&constructor=b')

    assert.deepEqual(Object.keys(fields), ['__proto__', 'constructor'])
    assert.equal(Object.getPrototypeOf(fields), Object.prototype)
  })
})

describe('decoding the text of a form', () => {
  it('turns plus signs and escapes into what they stand for', () => {
    assert.equal(decodeFormText('a+b%2Bc'), 'a b+c')
  })

  it('has no value for a bad escape', () => {
    assert.equal(decodeFormText('%'), undefined)
    assert.equal(decodeFormText('%ff'), undefined)
  })
})
