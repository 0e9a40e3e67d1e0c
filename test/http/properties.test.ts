import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { readBasic, readBearer } from '../../src/http/authorization.ts'
import { type BodyFormat, checkContentType, parseBody } from '../../src/http/body.ts'
import { nothing } from '../../src/http/endpoint.ts'
import { parseForm } from '../../src/http/form.ts'
import { findDoubledMember } from '../../src/http/json.ts'
import { Refusal } from '../../src/http/refusal.ts'
import { createRouter, route } from '../../src/http/router.ts'
import { endpoint } from '../kit/endpoint.ts'

/** What the work gives, or `undefined` where it refuses with a 4xx. Whatever else it throws is a fault. */
function unlessRefused<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (error instanceof Refusal && error.status >= 400 && error.status < 500) return undefined
    throw error
  }
}

const act = endpoint({ answers: { 204: nothing } }).handle(() => ({ status: 204, body: undefined }))
const router = createRouter([route('/data', { GET: act }), route('/', { GET: act })])
const format = fc.constantFrom<BodyFormat>('json', 'form')
const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }))
const runs = { numRuns: 500 }

describe('any input at all', () => {
  it('as a body is read or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), format, (bytes, one) => {
        unlessRefused(() => parseBody(Buffer.from(bytes), one, ['username']))
      }),
      runs,
    )
  })

  it('as a path finds a declared one or is refused', () => {
    const pieces = fc.constantFrom(
      '/',
      'data',
      '%',
      '%2',
      '%2F',
      '..',
      '?',
      '#',
      '*',
      'http://',
      '\0',
    )
    const target = fc.oneof(
      anyText,
      fc.array(pieces).map((some) => some.join('')),
    )

    fc.assert(
      fc.property(target, (one) => {
        const match = unlessRefused(() => router('GET', one))
        assert.ok(match === undefined || match.path === '/data' || match.path === '/')
      }),
      runs,
    )
  })

  it('as an Authorization header is read or refused', () => {
    const scheme = fc.constantFrom('', 'Basic ', 'Bearer ', 'basic', 'bearer')

    fc.assert(
      fc.property(scheme, anyText, (one, rest) => {
        unlessRefused(() => readBasic(one + rest))
        unlessRefused(() => readBearer(one + rest))
      }),
      runs,
    )
  })

  it('as a content type is refused, unless it names the type', () => {
    fc.assert(
      fc.property(anyText, (contentType) => {
        const declared = { contentType, contentEncoding: undefined }
        const found = unlessRefused(() => checkContentType(declared, ['json', 'form']))
        assert.ok(found === undefined || /^\s*application\//i.test(contentType))
      }),
      runs,
    )
  })
})

describe('what a client writes', () => {
  it('in JSON is what is read', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const text = JSON.stringify(value)
        const read = unlessRefused(() => parseBody(Buffer.from(text), 'json', []))
        assert.deepEqual(read, JSON.parse(text))
      }),
      runs,
    )
  })

  it('in a form is what is read', () => {
    const fields = fc.dictionary(
      fc.string({ unit: 'grapheme', minLength: 1 }),
      fc.string({ unit: 'grapheme' }),
      {
        noNullPrototype: true,
      },
    )

    fc.assert(
      fc.property(fields, (sent) => {
        const read = parseForm(new URLSearchParams(Object.entries(sent)).toString())
        assert.deepEqual(read, sent)
      }),
      runs,
    )
  })

  it('in a Basic header is what is read', () => {
    const userId = fc.string({ unit: 'grapheme' }).filter((one) => !one.includes(':'))

    fc.assert(
      fc.property(userId, fc.string({ unit: 'grapheme' }), (one, password) => {
        const encoded = Buffer.from(`${one}:${password}`).toString('base64')
        assert.deepEqual(readBasic(`Basic ${encoded}`), { userId: one, password })
      }),
      runs,
    )
  })
})

/** The name in JSON, with those characters escaped that the pattern says. */
function writeName(name: string, escaped: readonly boolean[]): string {
  const letters = Array.from(name, (letter, index) =>
    escaped[index] === true ? `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}` : letter,
  )
  return `"${letters.join('')}"`
}

describe('a doubled member', () => {
  const member = fc.record({
    name: fc.constantFrom('user', 'password', 'extra', 'use', 'users'),
    escaped: fc.array(fc.boolean(), { maxLength: 8 }),
    value: fc.oneof(fc.jsonValue(), fc.constantFrom('user', '"user":', { user: { user: 1 } })),
  })

  it('is found exactly where a declared name stands twice on the outside', () => {
    fc.assert(
      fc.property(
        fc.array(member, { maxLength: 6 }),
        fc.constantFrom('', ' ', '\n\t'),
        (members, space) => {
          const written = members.map(
            ({ name, escaped, value }) =>
              `${writeName(name, escaped)}${space}:${space}${JSON.stringify(value)}`,
          )
          const declared = members.map(({ name }) => name).filter((one) => one !== 'extra')
          const fields = ['user', 'password', 'use', 'users']

          const found = findDoubledMember(`{${written.join(`${space},`)}}`, fields)

          assert.equal(found !== undefined, new Set(declared).size < declared.length)
        },
      ),
      { numRuns: 1_000 },
    )
  })
})
