import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  deriveByScrypt,
  isWeaker,
  makePhc,
  matchesPhc,
  parsePhc,
  recommendedParameters,
  type ScryptParameters,
  unmatchableHash,
} from '../../src/passwords/phc.ts'
import type { PasswordHash } from '../../src/storage/ports.ts'

const password = Buffer.from('correct horse')
const parameters: ScryptParameters = { ln: 4, r: 8, p: 2 }
const salt = 'A'.repeat(22)
const derived = 'B'.repeat(43)

/** A hash as a store might hold it, whatever it is. */
function stored(text: string): PasswordHash {
  return text as PasswordHash // that is what is under test
}

describe('a scrypt hash as a PHC string', () => {
  it('carries the parameters, a salt of 16 bytes and a hash of 32', async () => {
    const made = await makePhc(password, parameters, deriveByScrypt)

    const parsed = parsePhc(made)
    assert.match(made, /^\$scrypt\$ln=4,r=8,p=2\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    assert.deepEqual(parsed.parameters, parameters)
    assert.equal(parsed.salt.length, 16)
    assert.equal(parsed.hash.length, 32)
  })

  it('matches the password that it was made of and no other', async () => {
    const parsed = parsePhc(await makePhc(password, parameters, deriveByScrypt))

    assert.equal(await matchesPhc(password, parsed, deriveByScrypt), true)
    assert.equal(await matchesPhc(Buffer.from('correct horsf'), parsed, deriveByScrypt), false)
  })

  it('matches with the parameters that it carries and with no others', async () => {
    const parsed = parsePhc(await makePhc(password, parameters, deriveByScrypt))
    const disguised = { ...parsed, parameters: { ...parameters, p: 1 } }

    assert.equal(await matchesPhc(password, disguised, deriveByScrypt), false)
  })

  it('has a salt of its own each time', async () => {
    const one = await makePhc(password, parameters, deriveByScrypt)
    const other = await makePhc(password, parameters, deriveByScrypt)

    assert.notEqual(one, other)
    assert.notDeepEqual(parsePhc(one).salt, parsePhc(other).salt)
  })

  it('is derived by scrypt as RFC 7914 §12 computes it', async () => {
    const bytes = await deriveByScrypt(
      Buffer.from('password'),
      Buffer.from('NaCl'),
      { ln: 10, r: 8, p: 16 },
      64,
    )

    assert.equal(
      bytes.toString('hex'),
      'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162' +
        '2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640',
    )
  })

  it('is a fault where it cannot be read, and the error repeats nothing of it', () => {
    const bad = [
      '',
      'correct horse',
      `$scrypt$ln=4,r=8,p=1$${salt}`,
      `$scrypt$ln=4,r=8,p=1$${salt}$`,
      `$scrypt$ln=4,r=8,p=1$$${derived}`,
      `$scrypt$ln=4,r=8$${salt}$${derived}`,
      `$scrypt$r=8,ln=4,p=1$${salt}$${derived}`,
      `$scrypt$ln=-4,r=8,p=1$${salt}$${derived}`,
      `$scrypt$ln=0x4,r=8,p=1$${salt}$${derived}`,
      `$scrypt$ln=4,r=8,p=1$${salt}$${derived}=`,
      `$scrypt$ln=4,r=8,p=1$${salt}$${derived}\n`,
      ` $scrypt$ln=4,r=8,p=1$${salt}$${derived}`,
      `$scrypt$ln=4,r=8,p=1$${salt}$short`,
      `$scrypt$ln=4,r=8,p=1$${salt}$${derived}$${derived}`,
      `$argon2id$v=19$m=19456,t=2,p=1$${salt}$${derived}`,
      `$2b$10$${'a'.repeat(53)}`,
    ]

    for (const text of bad) {
      assert.throws(
        () => parsePhc(stored(text)),
        (error) =>
          error instanceof TypeError &&
          error.message === 'a stored password hash is not a scrypt PHC string',
        text,
      )
    }
  })

  it('is a fault where its parameters make no scrypt, not a mismatch', async () => {
    const parsed = parsePhc(stored(`$scrypt$ln=0,r=8,p=1$${salt}$${derived}`))

    await assert.rejects(matchesPhc(password, parsed, deriveByScrypt))
  })
})

describe('the hash of nobody', () => {
  it('costs what a real one costs and is another each time', async () => {
    const real = parsePhc(await makePhc(password, parameters, deriveByScrypt))

    const one = unmatchableHash(parameters)
    const other = unmatchableHash(parameters)

    assert.deepEqual(one.parameters, real.parameters)
    assert.equal(one.salt.length, real.salt.length)
    assert.equal(one.hash.length, real.hash.length)
    assert.notDeepEqual(one.hash, other.hash)
  })
})

describe('the strength of parameters', () => {
  it("is OWASP's by recommendation", () => {
    assert.deepEqual(recommendedParameters, { ln: 15, r: 8, p: 3 })
  })

  it('is less where memory or the whole work is less', () => {
    const weaker: readonly ScryptParameters[] = [
      { ln: 14, r: 8, p: 3 },
      { ln: 14, r: 8, p: 6 },
      { ln: 14, r: 80, p: 30 },
      { ln: 15, r: 8, p: 2 },
      { ln: 15, r: 7, p: 3 },
      { ln: 16, r: 1, p: 1 },
    ]

    for (const one of weaker)
      assert.equal(isWeaker(one, recommendedParameters), true, JSON.stringify(one))
  })

  it('is not less where it is equal or more', () => {
    const strongEnough: readonly ScryptParameters[] = [
      recommendedParameters,
      { ln: 15, r: 8, p: 4 },
      { ln: 16, r: 8, p: 3 },
      { ln: 16, r: 8, p: 2 },
      { ln: 17, r: 8, p: 1 },
    ]

    for (const one of strongEnough)
      assert.equal(isWeaker(one, recommendedParameters), false, JSON.stringify(one))
  })
})
