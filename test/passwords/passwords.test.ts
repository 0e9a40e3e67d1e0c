import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createPasswords } from '../../src/passwords/passwords.ts'
import { deriveByScrypt, makePhc, parsePhc } from '../../src/passwords/phc.ts'
import { createQueue } from '../../src/passwords/queue.ts'
import type { PasswordHash } from '../../src/storage/ports.ts'
import { cheapParameters } from '../kit/servers.ts'

const weakParameters = { ...cheapParameters, ln: cheapParameters.ln - 1 }

function open(parameters = cheapParameters) {
  const queue = createQueue({ concurrency: 2, maxWaiting: 100 })
  return createPasswords({ parameters, queue, deriveKey: deriveByScrypt })
}

/** A hash of whatever it may be: of what cannot be a password, too. */
function hashOf(text: string, parameters = cheapParameters): Promise<PasswordHash> {
  return makePhc(Buffer.from(text.normalize('NFC')), parameters, deriveByScrypt)
}

/** Whether the second password opens what the first one closed. */
async function opens(closedWith: string, triedWith: string): Promise<boolean> {
  return (await open().check(triedWith, await hashOf(closedWith))).matches
}

describe('a password', () => {
  it('matches itself and not another', async () => {
    assert.equal(await opens('correct horse', 'correct horse'), true)
    assert.equal(await opens('correct horse', 'correct horsf'), false)
  })

  it('does not match its anagrams', async () => {
    assert.equal(await opens('listen', 'silent'), false)
    assert.equal(await opens('listen', 'netsil'), false)
  })

  it('does not match in another case', async () => {
    assert.equal(await opens('Correct Horse', 'correct horse'), false)
  })

  it('matches whichever way its accents are composed', async () => {
    const composed = 'pass\u00e9 \u1e69'
    const decomposed = 'passe\u0301 s\u0323\u0307'

    assert.equal(await opens(composed, decomposed), true)
    assert.equal(await opens(decomposed, composed), true)
    assert.equal(await opens(composed, 'passe s'), false)
  })

  it('is not folded further than NFC', async () => {
    assert.equal(await opens('\uff50\uff41\uff53\uff53', 'pass'), false)
    assert.equal(await opens('o\ufb03ce', 'office'), false)
  })

  it('is never trimmed', async () => {
    assert.equal(await opens('horse', ' horse'), false)
    assert.equal(await opens('horse', 'horse '), false)
    assert.equal(await opens('horse ', 'horse'), false)
    assert.equal(await opens(' horse\t\n', ' horse\t\n'), true)
  })

  it('is never cut: the last of 256 characters counts', async () => {
    const longest = 'a'.repeat(256)

    assert.equal(await opens(longest, longest), true)
    assert.equal(await opens(longest, `${longest.slice(0, -1)}b`), false)
    assert.equal(await opens(longest, longest.slice(0, -1)), false)
  })

  it('never matches with a NUL, which scrypt cannot tell from nothing at its end', async () => {
    assert.equal(await opens('horse', 'horse\0'), false)
    assert.equal(await opens('horse\0', 'horse\0'), false)
    assert.equal(await opens('horse\0one', 'horse\0one'), false)
  })

  it('never matches with more than 256 characters, even where the hash is of it', async () => {
    const tooLong = 'a'.repeat(257)

    assert.equal(await opens(tooLong, tooLong), false)
    assert.equal(await opens('a'.repeat(10_000), 'a'.repeat(10_000)), false)
  })

  it('is measured in code points: 256 outside the basic plane match, 257 do not', async () => {
    const longest = '\u{1f40e}'.repeat(256)
    const tooLong = `${longest}\u{1f40e}`

    assert.equal(await opens(longest, longest), true)
    assert.equal(await opens(tooLong, tooLong), false)
  })

  it('is measured after NFC', async () => {
    const longest = 'e\u0301'.repeat(256)
    const tooLong = 'e\u0301'.repeat(257)

    assert.equal(await opens(longest, longest), true)
    assert.equal(await opens(tooLong, tooLong), false)
  })

  it('never matches when it is empty, even where the hash is of it', async () => {
    assert.equal(await opens('', ''), false)
    assert.equal(await opens('horse', ''), false)
  })

  it('is hashed only where it could match', async () => {
    const passwords = open()

    for (const text of ['', 'a'.repeat(257), 'horse\0']) {
      await assert.rejects(passwords.hash(text), RangeError)
    }
    assert.equal((await passwords.check('horse', await passwords.hash('horse'))).matches, true)
  })

  it('never matches where nothing is stored', async () => {
    const verdict = await open().check('correct horse', undefined)

    assert.deepEqual(verdict, { matches: false, stronger: undefined })
  })
})

describe('a stored hash', () => {
  it('is a fault where it cannot be read, and the error repeats nothing of it', async () => {
    const unreadable = 'planted-unreadable-hash' as PasswordHash // as a store might hold it

    const checking = open().check('correct horse', unreadable)

    await assert.rejects(checking, (error) => {
      assert.ok(error instanceof TypeError)
      assert.ok(!`${error.message}${error.stack}`.includes('planted-unreadable-hash'))
      return true
    })
  })

  it('that is weak is answered with a stronger one when the password matches', async () => {
    const weak = await open(weakParameters).hash('correct horse')
    const passwords = open()

    const { matches, stronger } = await passwords.check('correct horse', weak)

    assert.equal(matches, true)
    assert.ok(stronger !== undefined)
    assert.deepEqual(parsePhc(stronger).parameters, cheapParameters)
    assert.deepEqual(await passwords.check('correct horse', stronger), {
      matches: true,
      stronger: undefined,
    })
    assert.equal((await passwords.check('correct horsf', stronger)).matches, false)
  })

  it('that is weak is not answered with a stronger one when the password does not match', async () => {
    const weak = await open(weakParameters).hash('correct horse')
    const weakOfNothing = await hashOf('', weakParameters)
    const unmatched = { matches: false, stronger: undefined }

    assert.deepEqual(await open().check('correct horsf', weak), unmatched)
    assert.deepEqual(await open().check('', weakOfNothing), unmatched)
  })

  it('that is stronger than configured is left as it is', async () => {
    const strong = await open().hash('correct horse')

    const verdict = await open(weakParameters).check('correct horse', strong)

    assert.deepEqual(verdict, { matches: true, stronger: undefined })
  })
})
