import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { BusinessAddition, Likes } from '../../src/business/capability.ts'
import { assembleBusiness, type BusinessParts } from '../../src/business/core.ts'
import type { Events, Topic } from '../../src/business/event-port.ts'
import type { Validate } from '../../src/business/validator.ts'
import type { SessionValidation } from '../../src/validation.ts'
import { callOf } from '../kit/calls.ts'
import { manualClock } from '../kit/clock.ts'
import { recordedLog } from '../kit/log.ts'

const unused = () => assert.fail('nobody needs it here')

/** Somebody whose name says how the token was checked. */
const validation = (name: string): SessionValidation => ({
  authenticated: true,
  sub: 'ann',
  name,
  scope: '',
  purpose: 'session',
  issued_at: 1,
  expires_in: 30,
  cap_in: 60,
  refresh_count: 1,
})

function assemble() {
  const parts: BusinessParts = {
    environment: 'demo',
    validate: async () => validation('core'),
    connect: unused,
    serviceToken: unused,
    content: { kind: 'memory' },
    eventBacking: { kind: 'memory' },
    clock: manualClock(),
    log: recordedLog(),
  }
  return assembleBusiness(parts)
}

/** Says that it was asked, and asks on. */
const way = (word: string): BusinessAddition => ({
  validateBy: (validate: Validate) => async (token, call) => {
    const found = await validate(token, call)
    return validation(`${'name' in found ? found.name : ''}, ${word}`)
  },
})

const call = () => callOf({ rawHeaders: ['authorization', 'Bearer a-token'] })

describe('business’s core', () => {
  it('checks a token by the ways of all capabilities, the last one first', async () => {
    const { core, additions } = assemble()
    const alone = await core.checkCaller(call())

    additions.push(way('one'), {}, way('two'))
    const { name } = await core.checkCaller(call())

    assert.deepEqual([alone.name, name], ['core', 'core, one, two'])
  })

  it('makes a way of checking once, not for each call', async () => {
    const { core, additions } = assemble()
    let made = 0
    additions.push({
      validateBy: (validate) => {
        made++
        return validate
      },
    })

    for (let calls = 0; calls < 3; calls++) await core.checkCaller(call())

    assert.equal(made, 1)
  })

  it('offers to each capability what any of them brings, also what comes later', () => {
    const { core, additions } = assemble()
    const before = [core.events(), core.likes(), core.topics(), core.accountFollowers()]
    const events: Events = { publish: unused, pending: unused }
    const likes: Likes = { likesPerDay: unused }
    const topics = ['votes', 'views', 'others'].map(
      (name): Topic => ({ name, problemOf: unused, fold: unused }),
    )
    const followers = [async () => {}, async () => {}]

    additions.push({ events }, { likes, topics: topics.slice(0, 2) })
    for (const accountFollower of followers) additions.push({ accountFollower })
    additions.push({ topics: topics.slice(2) })

    assert.deepEqual(before, [undefined, undefined, [], []])
    assert.equal(core.events(), events)
    assert.equal(core.likes(), likes)
    assert.deepEqual(core.topics(), topics)
    assert.deepEqual(core.accountFollowers(), followers)
  })
})
