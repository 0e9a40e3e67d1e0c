import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isCommon, lazyCommonestPasswords } from '../../../src/auth/accounts/commonest-passwords.ts'
import { createPasswordPolicy } from '../../../src/auth/accounts/password-policy.ts'
import { Refusal } from '../../../src/http/refusal.ts'
import { assertUnavailable } from '../../storage/contract.ts'

const readCommonest = lazyCommonestPasswords()
const username = 'annabel@example.com'
const policyOf = (minLength: number) => createPasswordPolicy({ minLength, readCommonest })

async function assertRefusal(password: string, minLength = 8): Promise<void> {
  await assert.rejects(policyOf(minLength)(password, username), (error) => {
    assert.ok(error instanceof Refusal, password)
    assert.equal(error.code, 'invalid_request')
    assert.equal(error.message.includes(password), false)
    return true
  })
}

describe('the password policy', () => {
  const good: readonly (readonly [what: string, password: string])[] = [
    ['eight characters', 'xq7 kzt!'],
    ['one kind of characters', 'wjqmvhtz'],
    ['characters of four bytes', '😀🐙🦊🐝🦉🐢🦀🐳'],
    [
      '256 of them',
      Array.from({ length: 256 }, (_, index) => String.fromCodePoint(0x1f400 + index)).join(''),
    ],
    ['spaces at its ends', ' xq7kztp '],
    ['several words with something between them', 'gate-lantern-orchid-2'],
  ]
  for (const [what, password] of good)
    it(`takes ${what}`, async () => {
      await assert.doesNotReject(policyOf(8)(password, username))
    })

  const bad: readonly (readonly [what: string, password: string])[] = [
    ['seven characters', 'xq7 kzt'],
    ['four characters that were eight before they were composed', 'e\u0301a\u0301o\u0301u\u0301'],
    ['257 characters', 'ab'.repeat(128).concat('c')],
    ['a NUL', 'xq7 kzt!\0'],
    ['half a character', 'xq7 kzt!\ud800'],
    ['a common password', 'trustno1'],
    ['a common password in capitals', 'PASSWORD1'],
    ['a common password twice', 'dragondragon'],
    ['three common passwords in a row', 'passworddragonmonkey'],
    ['the address', `my ${username}`],
    ['the local part of the address', 'Annabel-and-more'],
    ['the name of the product', 'my SallyPort key'],
  ]
  for (const [what, password] of bad)
    it(`refuses ${what}`, async () => {
      await assertRefusal(password)
    })

  it('refuses with a fault what it cannot look up, and never lets it pass', async () => {
    const policy = createPasswordPolicy({
      minLength: 8,
      readCommonest: () => Promise.reject(new Error('not installed')),
    })

    await assertUnavailable(policy('xq7 kzt!', username))
  })

  it('lets a short local part stand in a password', async () => {
    await assert.doesNotReject(policyOf(8)('a gate for you', 'you@example.com'))
  })

  it('wants fifteen characters where it is told so', async () => {
    await assertRefusal('xq7 kzt! mvb r', 15)
    await assert.doesNotReject(policyOf(15)('xq7 kzt! mvb rt', username))
  })

  it('refuses thousands that meet each minimum', async () => {
    const commonest = await readCommonest()
    const doubled = [...commonest].map((one) => one + one).filter((one) => one.length >= 15)
    const alone = [...commonest].filter((one) => one.length >= 8)

    assert.ok(alone.length >= 3_000, `${alone.length}`)
    assert.ok(doubled.length >= 3_000, `${doubled.length}`)
    assert.equal(
      [...alone, ...doubled].every((one) => isCommon(one, commonest)),
      true,
    )
  })

  it('is quick about the worst that it may be asked', async () => {
    const commonest = await readCommonest()
    const startedAt = performance.now()

    isCommon(`${'1'.repeat(255)}x`, commonest)

    assert.ok(performance.now() - startedAt < 200)
  })
})
