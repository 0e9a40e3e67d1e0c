import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { AuditEvent, AuditLog } from '../../../src/auth/audit/audit-log.ts'
import { memoryAuditLog } from '../../../src/auth/audit/memory.ts'
import { createWriter, type Writer } from '../../../src/auth/audit/writer.ts'
import { unavailable } from '../../../src/http/refusal.ts'
import { manualClock } from '../../kit/clock.ts'
import { countedClock } from '../../kit/counted-clock.ts'
import { createGate } from '../../kit/gate.ts'
import { recordedLog } from '../../kit/log.ts'
import { bareEvent, newEvent } from './audit-log-contract.ts'

/** A writer on a log that the test can break and hold up. */
function start({ maxWaiting = 1_000 } = {}) {
  const audit = memoryAuditLog({ maxEvents: 100_000 })
  const batches: number[] = []
  const state = { isBroken: false, mayWrite: Promise.resolve() }
  const clock = countedClock(manualClock())
  const log = recordedLog()
  const append: AuditLog['append'] = async (events) => {
    batches.push(events.length)
    await state.mayWrite
    if (state.isBroken) throw unavailable('The store cannot do this now.')
    await audit.append(events)
  }
  const writer = createWriter({ audit: { append }, clock, log, maxWaiting })
  const filed = async () => (await audit.list({ limit: 100_000 })).toReversed()
  return { writer, batches, state, clock, log, filed }
}

/** Until everything is done that waits for nothing but a turn. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await nextTurn()
}

function many(length: number): AuditEvent[] {
  return Array.from({ length }, () => bareEvent({ count: 1 }))
}

function addAll(writer: Writer, events: readonly AuditEvent[]): void {
  for (const event of events) writer.add(event)
}

describe('the writer of the audit', () => {
  it('writes what is heard together as one batch, in order', async () => {
    const { writer, batches, filed } = start()
    const events = many(50)

    addAll(writer, events)
    await settle()

    assert.deepEqual(batches, [50])
    assert.deepEqual(
      (await filed()).map(({ id }) => id),
      events.map(({ id }) => id),
    )
  })

  it('writes much in batches of bounded size', async () => {
    const { writer, batches } = start()

    addAll(writer, many(450))
    await settle()

    assert.deepEqual(batches, [200, 200, 50])
  })

  it('has one batch under way, and writes what comes meanwhile after it', async () => {
    const { writer, batches, state, filed } = start()
    const gate = createGate()
    state.mayWrite = gate.opened
    writer.add(newEvent())
    await settle()

    addAll(writer, many(2))
    await settle()
    const before = [...batches]
    gate.open()
    await settle()

    assert.deepEqual(before, [1])
    assert.deepEqual(batches, [1, 2])
    assert.equal((await filed()).length, 3)
  })

  it('writes what comes at the very moment when a batch is done', async () => {
    const { writer, batches, filed } = start()
    for (let microtasks = 0; microtasks < 10; microtasks++) {
      writer.add(newEvent())
      const written = batches.length
      while (batches.length === written) await nextTurn()
      for (let passed = 0; passed < microtasks; passed++) await Promise.resolve()
      writer.add(newEvent())
      await settle()
    }

    assert.equal((await filed()).length, 20)
  })

  it('tries again each second while the store fails, and loses nothing that found a place', async () => {
    const { writer, batches, state, clock, log, filed } = start()
    state.isBroken = true
    addAll(writer, many(3))
    await settle()
    writer.add(newEvent())
    clock.advance(999)
    await settle()
    const early = batches.length
    clock.advance(1)
    await settle()
    state.isBroken = false

    clock.advance(1_000)
    await settle()

    assert.deepEqual([early, batches.length], [1, 3])
    assert.equal((await filed()).length, 4)
    assert.equal(log.find('audit events cannot be written and wait').length, 1)
    assert.equal(log.find('audit events are written again').length, 1)
    assert.equal(clock.pending(), 0)
  })

  it('keeps no more than it may, and files how many were lost once there is room', async () => {
    const { writer, state, clock, filed } = start({ maxWaiting: 10 })
    state.isBroken = true
    addAll(writer, many(10))
    for (let flood = 0; flood < 10_000; flood++)
      writer.add(bareEvent({ at: flood, until: flood, count: flood === 0 ? 5 : 1 }))
    await settle()
    state.isBroken = false

    clock.advance(1_000)
    await settle()

    const events = await filed()
    assert.equal(events.length, 11)
    const { number: _number, id: _id, ...lost } = events.at(-1) ?? {}
    const { id: _, ...expected } = bareEvent({
      type: 'events_lost',
      at: 0,
      until: 9_999,
      count: 10_004,
    })
    assert.deepEqual(lost, expected)
  })

  it('counts anew what is lost after that', async () => {
    const { writer, state, clock, filed } = start({ maxWaiting: 1 })
    for (const losses of [1, 2]) {
      state.isBroken = true
      addAll(writer, many(1 + losses))
      await settle()
      state.isBroken = false
      clock.advance(1_000)
      await settle()
    }

    const counts = (await filed())
      .filter(({ type }) => type === 'events_lost')
      .map(({ count }) => count)
    assert.deepEqual(counts, [1, 2])
  })

  it('writes the rest when it is closed', async () => {
    const { writer, log, filed } = start()
    addAll(writer, many(450))

    await writer.close()

    assert.equal((await filed()).length, 450)
    assert.equal(log.find('audit events were lost').length, 0)
  })

  it('tells the log how many were lost where the store fails at the end', async () => {
    const { writer, state, clock, log, filed } = start({ maxWaiting: 2 })
    state.isBroken = true
    addAll(writer, many(5))
    await settle()

    await writer.close()

    assert.equal(log.find('audit events were lost')[0]?.events, 5)
    assert.deepEqual(await filed(), [])
    assert.equal(clock.pending(), 0)
  })
})
