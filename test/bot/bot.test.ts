import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { startBot, startBotWith } from '../kit/bot.ts'
import { makeFolder } from '../kit/daemon.ts'
import { demoCredentials } from '../kit/demo.ts'
import { startAuth, waitUntil } from '../kit/processes.ts'
import { shareBoth } from '../kit/shared-servers.ts'

describe('the bot', { timeout: 120_000 }, () => {
  const both = shareBoth()
  const urls = () => ({ auth: both().auth.url, business: both().business.url })

  it('finds nothing off where business counts what it accepts', async (t) => {
    const bot = startBot(t, urls(), { users: 3, posts: 4, votes: 40, seed: 7 })

    assert.equal(await bot.ended, 0, bot.output())

    assert.deepEqual(['seed', 'users', 'posts', 'votes accepted', 'off'].map(bot.row), [
      '7',
      '3',
      '4',
      '120',
      'nothing',
    ])
    assert.match(bot.row('latency') ?? '', /^p50 \d+\.\d ms, p99 \d+\.\d ms$/)
  })

  it('logs in whom it is told to, instead of registering anybody', async (t) => {
    const { username, password } = demoCredentials
    const file = join(makeFolder('bot'), 'accounts')
    writeFileSync(file, `${username} ${password}\n`)

    const bot = startBot(t, urls(), { posts: 2, votes: 5 }, ['--accounts', file])

    assert.equal(await bot.ended, 0, bot.output())
    assert.deepEqual(['users', 'votes accepted'].map(bot.row), ['1', '5'])
  })

  it('compares what was sent by then when it is told that this is enough', async (t) => {
    const bot = startBot(t, urls(), { users: 2, posts: 2, votes: 100_000_000 })
    await waitUntil(() => bot.output().includes('votes: '), 30)

    bot.enough()

    assert.equal(await bot.ended, 0, bot.output())
    const [accepted, off] = [Number(bot.row('votes accepted')), bot.row('off')]
    assert.ok(accepted > 0 && accepted < 200_000_000, `${accepted} votes`)
    assert.equal(off, 'nothing')
  })

  it('says why it cannot go on where nobody may register', async (t) => {
    const { url: auth } = await startAuth(t, { REGISTRATION: 'closed' })

    const bot = startBot(t, { ...urls(), auth })

    assert.equal(await bot.ended, 1)
    assert.match(bot.output(), /^Nobody can register at .*: 404 .*REGISTRATION=open/)
  })

  it('says why it cannot go on where nobody answers for as long as its patience lasts', async (t) => {
    const bot = startBot(t, { ...urls(), auth: 'http://127.0.0.1:1' }, { patience: 0 })

    assert.equal(await bot.ended, 1)
    assert.match(bot.output(), /^POST http:\/\/127\.0\.0\.1:1\/register: no answer /)
  })

  it('says how it is used, and repeats no wrong argument', async (t) => {
    const help = startBotWith(t, ['--help'])
    assert.equal(await help.ended, 0)
    const usage = help.output()
    assert.match(usage, /^Usage: bot /)

    const wrong = [
      ['planted'],
      ['--planted', '1'],
      ['--users', 'planted'],
      ['--users', '0'],
      ['--auth', 'planted:1'],
      ['--accounts', '/planted'],
    ]
    for (const args of wrong) {
      const bot = startBotWith(t, args)
      assert.equal(await bot.ended, 1, args.join(' '))
      assert.equal(bot.output(), usage)
    }
  })
})
