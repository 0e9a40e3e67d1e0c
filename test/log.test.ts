import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createLog, describeError, type LogOptions, logLevels, readableLine } from '../src/log.ts'
import { mintToken } from '../src/tokens/token.ts'
import { testPurposes } from './kit/servers.ts'

const time = '2023-11-14T22:13:20.123Z'

/** A log whose lines are kept as they were written. */
function openLog(options: Partial<Pick<LogOptions, 'level' | 'isReadable'>> = {}) {
  const written: string[] = []
  const log = createLog({
    server: 'auth',
    level: 'debug',
    isReadable: false,
    write: (line) => void written.push(line),
    now: () => Date.parse(time),
    ...options,
  })
  return { log, written }
}

/** The messages that a log of this level lets through, one of each level being tried. */
function passing(level: LogOptions['level']): readonly string[] {
  const { log, written } = openLog({ level })
  for (const one of logLevels) log[one](one)
  return written.map((line) => String(Reflect.get(JSON.parse(line) as object, 'message')))
}

function someToken(): string {
  const request = { sub: 'somebody', name: 'Somebody', scope: '', mark: undefined }
  return mintToken({ ...request, purpose: testPurposes.session }).token
}

describe('the log', () => {
  it('writes one JSON object a line: time, level, server, message, then the fields', () => {
    const { log, written } = openLog()

    log.info('listening', { url: 'http://127.0.0.1:4000', pid: 7, secure: false })

    assert.deepEqual(written, [
      `{"time":"${time}","level":"info","server":"auth","message":"listening",` +
        '"url":"http://127.0.0.1:4000","pid":7,"secure":false}\n',
    ])
  })

  it('writes each of the levels under its name', () => {
    const { log, written } = openLog()

    for (const level of logLevels) log[level]('a message')

    const levels = written.map((line) => String(Reflect.get(JSON.parse(line) as object, 'level')))
    assert.deepEqual(levels, ['debug', 'info', 'warn', 'error'])
  })

  it('writes what is as grave as its level or graver', () => {
    assert.deepEqual(passing('debug'), ['debug', 'info', 'warn', 'error'])
    assert.deepEqual(passing('info'), ['info', 'warn', 'error'])
    assert.deepEqual(passing('warn'), ['warn', 'error'])
    assert.deepEqual(passing('error'), ['error'])
  })

  it('knows whether debug lines are written at all', () => {
    assert.equal(openLog({ level: 'debug' }).log.isDebug, true)
    assert.equal(openLog({ level: 'info' }).log.isDebug, false)
  })

  it('leaves fields out that have no value', () => {
    const { log, written } = openLog()

    log.info('refused', { cause: undefined })

    assert.ok(!written.join('').includes('cause'))
  })

  it('keeps a line one line, whatever is in its fields', () => {
    const json = openLog()
    const readable = openLog({ isReadable: true })

    for (const { log } of [json, readable])
      log.error('failed', { error: 'one\ntwo\r\n{"three":3}' })

    for (const { written } of [json, readable]) assert.match(written.join(''), /^[^\r\n]+\n$/)
  })
})

describe('the readable form', () => {
  it('is time, level, server, message and the fields', () => {
    const { log, written } = openLog({ isReadable: true })

    log.warn('not ready', { probe: 'token_store', count: 2 })

    assert.deepEqual(written, ['22:13:20.123 warn  auth: not ready probe="token_store" count=2\n'])
  })

  it('leaves fields out that have no value', () => {
    const line = readableLine({ time, level: 'info', server: 'auth', message: 'm', no: undefined })

    assert.equal(line, '22:13:20.123 info  auth: m')
  })
})

describe('a token that strays into the log', () => {
  it('is struck out of a message, a field and an error, in both forms', () => {
    const token = someToken()
    const error = new Error(`with ${token}`, { cause: new Error(`caused by ${token}`) })

    for (const isReadable of [false, true]) {
      const { log, written } = openLog({ isReadable })
      log.info(`message ${token}`, { field: `one ${token}, two ${token}`, [token]: 'as a name' })
      log.error('failed', { error: describeError(error) })

      const text = written.join('')
      assert.ok(!text.includes(token.slice(5)))
      assert.equal(text.match(/sp_s_…/g)?.length, text.match(/sp_/g)?.length)
      assert.ok((text.match(/sp_s_…/g)?.length ?? 0) >= 6)
    }
  })

  it('is struck out with what is glued to it, and when it was cut', () => {
    const token = someToken()
    const { log, written } = openLog()

    log.info('a message', { glued: `x${token}x`, cut: token.slice(0, 40), line: `\n${token}\t` })

    const text = written.join('')
    assert.ok(!text.includes(token.slice(5, 40)))
    assert.match(text, /"glued":"xsp_s_…","cut":"sp_s_…","line":"\\nsp_s_…\\t"/)
  })

  it('leaves the rest of the line readable', () => {
    const { log, written } = openLog()

    log.info('a message', { before: 1, token: someToken(), after: 2 })

    assert.match(written.join(''), /"before":1,"token":"sp_s_…","after":2\}\n$/)
  })
})

describe('the description of an error', () => {
  it('is its stack', () => {
    const error = new TypeError('what happened')

    assert.equal(describeError(error), error.stack)
    assert.match(describeError(error), /^TypeError: what happened\n {4}at /)
  })

  it('follows its causes to the first one', () => {
    const first = new RangeError('the first')
    const second = new Error('the second', { cause: first })
    const third = new Error('the third', { cause: second })

    const expected = [third.stack, second.stack, first.stack].join('\ncaused by ')
    assert.equal(describeError(third), expected)
  })

  it('is the message of an error without a stack', () => {
    const error = new Error('what happened')
    delete error.stack

    assert.equal(describeError(error), 'what happened')
  })

  it('repeats nothing of what is no error: it may be a secret', () => {
    assert.equal(describeError('a secret'), 'thrown: string')
    assert.equal(describeError({ secret: 'a secret' }), 'thrown: object')
    assert.equal(describeError(undefined), 'thrown: undefined')
    assert.match(
      describeError(new Error('what happened', { cause: 'a secret' })),
      /\ncaused by thrown: string$/,
    )
  })

  it('comes to an end where causes go round in a circle', () => {
    const one = new Error('one')
    const other = new Error('other', { cause: one })
    one.cause = other

    const described = describeError(one)

    assert.match(described, /^Error: one\n/)
    assert.match(described, /caused by Error: other\n/)
  })
})
