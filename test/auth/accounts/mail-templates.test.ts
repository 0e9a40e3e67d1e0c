import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { startAccounts } from './accounts-kit.ts'

const bringing = ['accounts/verify', 'accounts/reset', 'accounts/change-username']

describe('the mails about accounts', () => {
  it('bring the token where there is one, and say how long it is good', async (t) => {
    const { core } = await startAccounts(t)
    const templates = core.mailTemplates().filter(({ purpose }) => purpose !== undefined)

    const mails = templates.map((template) => template.write({ token: 'sp_the_token' }))

    assert.deepEqual(
      templates.map(({ name }) => name),
      bringing,
    )
    for (const { subject, text } of mails) {
      assert.match(subject, /^[\w ,]+$/)
      assert.match(text, /\nsp_the_token\n/)
      assert.doesNotMatch(text, /\r/)
    }
    const lives = mails.map(({ text }) => /for (\d+ \w+)\./.exec(text)?.[1])
    assert.deepEqual(lives, ['2 hours', '10 minutes', '24 hours'])
  })

  it('say what has happened where there is none', async (t) => {
    const { core } = await startAccounts(t)
    const templates = core.mailTemplates().filter(({ purpose }) => purpose === undefined)

    const mails = templates.map((template) => template.write({ token: undefined }))

    assert.equal(mails.length, 5)
    for (const { subject, text } of mails) assert.ok(subject.length > 10 && text.endsWith('\n'))
  })
})
