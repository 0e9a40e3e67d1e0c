import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { findDoubledMember, parseJson } from '../../src/http/json.ts'
import { badJson } from '../kit/bad-json.ts'

const fields = ['username', 'password']

describe('parsing JSON', () => {
  it('reads every kind of value', () => {
    assert.deepEqual(parseJson('{"a":[1,"b",null,true,{}]}'), { a: [1, 'b', null, true, {}] })
    assert.equal(parseJson(' null '), null)
    assert.equal(parseJson('"\\u0000"'), '\0')
  })

  it('has no value for what is not JSON', () => {
    const parsed = Object.entries(badJson).filter(([, text]) => parseJson(text) !== undefined)

    assert.ok(Object.keys(badJson).length >= 30)
    assert.deepEqual(parsed, [])
    assert.equal(parseJson(''), undefined)
  })

  it('reads a hundred thousand levels of depth', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000)

    assert.ok(Array.isArray(parseJson(deep)))
  })

  it('keeps a member named __proto__ off the prototype', () => {
    const parsed = parseJson('{"__proto__":{"isAdmin":true}}')

    assert.equal(Reflect.get(Object(parsed), 'isAdmin'), undefined)
    assert.equal(Reflect.get({}, 'isAdmin'), undefined)
  })
})

describe('a doubled member', () => {
  const doubled: Readonly<Record<string, string>> = {
    'side by side': '{"username":"a","username":"b"}',
    'with another between': '{"username":"a","password":"p","username":"b"}',
    'with equal values': '{"username":"a","username":"a"}',
    'with space before the colon': '{"username" \r\n\t:"a","username":"b"}',
    'with one name escaped': '{"username":"a","\\u0075sername":"b"}',
    'with both names escaped': '{"\\u0075sername":"a","usernam\\u0065":"b"}',
    'with an escape in upper case':
      '{"username":"a","\\u0075\\u0073ER\\u006EAME":1,"usern\\u0061me":2}',
    'behind a nested object': '{"x":{"username":{}},"username":"a","y":[{}],"username":"b"}',
    'behind a string of brackets and quotes': '{"x":"}{][\\"","username":"a","username":"b"}',
    'behind a string that ends in a backslash': '{"x":"\\\\","username":"a","username":"b"}',
    'around a nested one': '{"username":{"username":1},"username":2}',
  }

  it('is found wherever it stands', () => {
    const found = Object.entries(doubled).map(([kind, text]) => [
      kind,
      findDoubledMember(text, fields),
    ])

    assert.deepEqual(
      found,
      Object.keys(doubled).map((kind) => [kind, 'username']),
    )
  })

  it('is found by the first that is doubled', () => {
    const text = '{"username":"a","password":"b","password":"c","username":"d"}'

    assert.equal(findDoubledMember(text, fields), 'password')
  })

  const single: Readonly<Record<string, string>> = {
    'two different fields': '{"username":"a","password":"b"}',
    'a nested object with the name': '{"username":{"username":"a"},"password":"b"}',
    'nested objects with the name twice': '{"x":{"username":1,"username":2},"username":"a"}',
    'a list with the name twice': '{"x":["username","username"],"username":"a"}',
    'objects in a list': '[{"username":"a"},{"username":"b"}]',
    'the name as a value': '{"username":"username","password":"username"}',
    'the name as a value before a colon in a string':
      '{"username":"\\"username\\":","password":":"}',
    'an undeclared member twice': '{"extra":1,"extra":2,"username":"a"}',
    'an undeclared member twice, one escaped': '{"extra":1,"\\u0065xtra":2,"username":"a"}',
    'a name that differs in case': '{"username":"a","Username":"b"}',
    'a name that goes on': '{"username":"a","username2":"b"}',
    'an escaped backslash before the name': '{"username":"a","\\\\u0075sername":"b"}',
    'no object': '"username"',
    'an empty object': '{}',
  }

  it('is not seen where there is none', () => {
    const found = Object.entries(single).filter(
      ([, text]) => findDoubledMember(text, fields) !== undefined,
    )

    assert.deepEqual(found, [])
  })

  it('is found behind a string of a megabyte and a hundred thousand levels', () => {
    const long = `"x":"\\\\${'a'.repeat(1_048_576)}"`
    const deep = `"y":${'['.repeat(100_000)}${']'.repeat(100_000)}`

    const found = findDoubledMember(`{${long},${deep},"username":1,"username":2}`, fields)

    assert.equal(found, 'username')
  })
})
