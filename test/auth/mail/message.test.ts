import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { checkSubject, DeliveryError, isAddress } from '../../../src/auth/mail/message.ts'

describe('an address', () => {
  const good = ['ada@example.com', "o'neil+tag=1@example.co.uk", 'jürgen@müller.example', 'a@b']
  for (const text of good) {
    it(`is ${text}`, () => assert.equal(isAddress(text), true))
  }

  const bad = [
    '',
    'ada',
    '@example.com',
    'ada@',
    'ada@@example.com',
    'ada@example.com\r\nBcc: eve@example.com',
    'ada@example.com\n',
    'ada@example.com, eve@example.com',
    'ada@example.com;eve@example.com',
    'Ada <ada@example.com>',
    '"ada eve"@example.com',
    'ada eve@example.com',
    'ada\0@example.com',
    'ada\u2028@example.com',
    `${'a'.repeat(65)}@example.com`,
    `ada@${'a'.repeat(256)}`,
  ]
  for (const text of bad) {
    it(`is not ${JSON.stringify(text).slice(0, 60)}`, () => assert.equal(isAddress(text), false))
  }
})

describe('a subject', () => {
  for (const text of ['a\r\nBcc: eve@example.com', 'a\nb', 'a\rb', 'a\0b', 'a\u0085b', 'a\tb']) {
    it(`is not ${JSON.stringify(text)}`, () =>
      assert.throws(() => checkSubject(text), DeliveryError))
  }
})
