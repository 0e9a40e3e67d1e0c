import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { describe, it } from 'node:test'
import { promptPassword } from '../../src/auth/prompt-password.ts'

/** What is answered to what was typed, and all that was shown meanwhile. */
async function typed(keys: string) {
  const [input, output] = [new PassThrough(), new PassThrough()]
  let shown = ''
  output.on('data', (chunk: Buffer) => {
    shown += chunk.toString('utf8')
  })
  const prompted = promptPassword({ input, output })
  input.write(keys)
  const password = await prompted
  return { password, shown, isPaused: input.isPaused() }
}

describe('the prompt for a password', () => {
  it('takes what was typed twice the same, and shows nothing of it', async () => {
    const { password, shown } = await typed('a long pässwörd\ra long pässwörd\r')

    assert.equal(password, 'a long pässwörd')
    assert.equal(shown, 'Password: \nOnce more: \n')
  })

  it('takes what remains after corrections', async () => {
    const { password } = await typed('a longg\x7f password\r' + 'a long password\r')

    assert.equal(password, 'a long password')
  })

  it('takes nothing where the two are not the same', async () => {
    const { password, shown } = await typed('a long password\ra long passwort\r')

    assert.equal(password, undefined)
    assert.doesNotMatch(shown, /long/)
  })

  it('does not bring the first back by the arrow', async () => {
    const { password } = await typed('a long password\r' + '\x1b[A\r')

    assert.equal(password, undefined)
  })

  for (const [what, key] of [
    ['Ctrl-C', '\x03'],
    ['Ctrl-D', '\x04'],
  ] as const) {
    it(`ends with nothing at ${what}, the first time and the second`, async () => {
      const first = await typed(key)
      const second = await typed(`a long password\r${key}`)

      assert.deepEqual([first.password, second.password], [undefined, undefined])
    })
  }

  it('lets go of the terminal', async () => {
    const { isPaused } = await typed('a long password\ra long password\r')

    assert.equal(isPaused, true)
  })
})
