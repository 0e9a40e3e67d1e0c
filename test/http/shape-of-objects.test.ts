import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  anything,
  either,
  listOf,
  object,
  optional,
  ShapeError,
  text,
} from '../../src/http/shape.ts'

const login = object({ username: text({ maxLength: 5 }), code: optional(text()) })

const saying = (message: string) => ({ name: 'ShapeError', message })

describe('an object shape', () => {
  it('answers with a new object of the declared fields only', () => {
    const sent: unknown = JSON.parse('{"username":"a","code":"b","extra":1,"__proto__":{"x":1}}')

    const checked = login.check(sent)

    assert.notEqual(checked, sent)
    assert.deepEqual(Object.keys(checked), ['username', 'code'])
    assert.equal(Object.getPrototypeOf(checked), Object.prototype)
    assert.equal(Reflect.get(checked, 'x'), undefined)
  })

  it('refuses what is no object', () => {
    const problems = [null, undefined, 1, 'a', true, [], [{ username: 'a' }]]

    for (const value of problems)
      assert.throws(() => login.check(value), saying('The body must be an object.'))
  })

  it('names the field that is missing, wrong or too long, and repeats nothing of it', () => {
    const missing = saying("The field 'username' is missing.")

    assert.throws(() => login.check({}), missing)
    assert.throws(() => login.check({ username: undefined }), missing)
    assert.throws(
      () => login.check({ username: 1 }),
      saying("The field 'username' must be a string."),
    )
    assert.throws(
      () => login.check({ username: 'secret' }),
      saying("The field 'username' is longer than 5 characters."),
    )
  })

  it('does not find a field on the prototype', () => {
    const sent: unknown = JSON.parse('{"__proto__":{"username":"a"}}')

    const missing = saying("The field 'username' is missing.")
    assert.throws(() => login.check(sent), missing)
    assert.throws(() => login.check(Object.create({ username: 'a' })), missing)
  })

  it('is not made with a field that every object inherits', () => {
    assert.throws(() => object({ constructor: text() }), TypeError)
    assert.throws(() => object({ ['__proto__']: text() }), TypeError)
  })

  it('lets an optional field be left out, but not be null', () => {
    assert.deepEqual(login.check({ username: 'a' }), { username: 'a', code: undefined })
    assert.throws(
      () => login.check({ username: 'a', code: null }),
      saying("The field 'code' must be a string."),
    )
  })

  it('names its fields, and in the schema those that are required', () => {
    assert.deepEqual(login.fields, ['username', 'code'])
    assert.deepEqual(login.schema, {
      type: 'object',
      properties: { username: { type: 'string', maxLength: 5 }, code: { type: 'string' } },
      required: ['username'],
    })
  })

  it('says where in the tree a value is at fault', () => {
    const tree = object({
      users: listOf(object({ names: listOf(text(), { maxItems: 2 }) }), { maxItems: 2 }),
    })

    assert.throws(
      () => tree.check({ users: [{ names: [] }, { names: ['a', 1] }] }),
      saying("The field 'users[1].names[1]' must be a string."),
    )
    assert.throws(
      () => tree.check({ users: [{}] }),
      saying("The field 'users[0].names' is missing."),
    )
  })

  it('passes on a fault that is none of the shape', () => {
    const broken = object({
      inner: listOf({ ...text(), check: () => assert.fail('broken') }, { maxItems: 1 }),
    })

    assert.throws(() => broken.check({ inner: [1] }), { message: 'broken' })
  })
})

describe('a list shape', () => {
  const list = listOf(text(), { maxItems: 2 })

  it('takes a list up to its length, the empty one too', () => {
    assert.deepEqual(list.check([]), [])
    assert.deepEqual(list.check(['a', 'b']), ['a', 'b'])
    assert.deepEqual(list.schema, { type: 'array', items: { type: 'string' }, maxItems: 2 })
  })

  it('refuses one member more, a wrong member, and what is no list', () => {
    assert.throws(() => list.check(['a', 'b', 'c']), saying('The body has more than 2 members.'))
    assert.throws(() => list.check(['a', null]), saying("The field '[1]' must be a string."))
    assert.throws(() => list.check({ 0: 'a', length: 1 }), saying('The body must be a list.'))
  })
})

describe('a shape of either kind', () => {
  const one = object({ token: text() })
  const many = object({ tokens: listOf(text(), { maxItems: 2 }) })
  const both = either(one, many, (value) => 'tokens' in value)

  it('holds a value against the kind that it is', () => {
    assert.deepEqual(both.check({ token: 'a' }), { token: 'a' })
    assert.deepEqual(both.check({ token: 1, tokens: ['a'] }), { tokens: ['a'] })
    assert.throws(() => both.check({ token: 'a', tokens: 'a' }), ShapeError)
    assert.throws(() => both.check({}), saying("The field 'token' is missing."))
  })

  it('holds what is no object against the first', () => {
    assert.throws(() => both.check(null), saying('The body must be an object.'))
    assert.throws(() => both.check('tokens'), saying('The body must be an object.'))
  })

  it('has the fields and the schemas of both', () => {
    assert.deepEqual(both.fields, ['token', 'tokens'])
    assert.deepEqual(both.schema, { oneOf: [one.schema, many.schema] })
    assert.deepEqual(either(anything(), one, () => false).fields, ['token'])
    assert.deepEqual(either(one, anything(), () => false).fields, ['token'])
  })
})
