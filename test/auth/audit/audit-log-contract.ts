/** The contract of `AuditLog`. An adapter's own test file is one call, and what only that adapter has. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { TestContext } from 'node:test'
import type { AuditEvent, AuditLog } from '../../../src/auth/audit/audit-log.ts'
import { type Case, describeCases, hostileTexts } from '../../storage/contract.ts'

export interface OpenedAudit {
  readonly audit: AuditLog
}

/** An event of which everything is known, unless told otherwise. */
export function newEvent(fields: Partial<AuditEvent> = {}): AuditEvent {
  return {
    id: randomUUID(),
    type: 'login_failed',
    at: 1_700_000_000_000,
    until: 1_700_000_000_001,
    count: 2,
    requestId: 'abcdef-0001',
    source: '203.0.113.9',
    sub: randomUUID(),
    actor: randomUUID(),
    account: 'a keyed hash',
    session: 'the id of a session',
    details: '{"scope":"admin"}',
    ...fields,
  }
}

/** One of which nothing is known that may be unknown. */
export function bareEvent(fields: Partial<AuditEvent> = {}): AuditEvent {
  const unknown = { requestId: undefined, source: undefined, sub: undefined, actor: undefined }
  const more = { account: undefined, session: undefined, details: undefined }
  return newEvent({ ...unknown, ...more, ...fields })
}

async function idsOf(audit: AuditLog, query: Partial<Parameters<AuditLog['list']>[0]> = {}) {
  return (await audit.list({ limit: 1_000, ...query })).map(({ id }) => id)
}

const recordCases: readonly Case<OpenedAudit>[] = [
  {
    sentence: 'lists what was filed, whole, the last first',
    run: async ({ audit }) => {
      const events = [newEvent(), bareEvent(), newEvent({ count: 3_000_000_000 })]
      await audit.append(events.slice(0, 2))
      await audit.append(events.slice(2))

      const filed = await audit.list({ limit: 10 })

      assert.deepEqual(
        filed.map(({ number: _number, ...event }) => event),
        events.toReversed(),
      )
    },
  },
  {
    sentence: 'lists nothing where nothing was filed',
    run: async ({ audit }) => {
      await audit.append([])

      assert.deepEqual(await audit.list({ limit: 10 }), [])
    },
  },
  ...hostileTexts
    .filter(([, text]) => text.length < 1_000)
    .map(([what, text]) => ({
      sentence: `files and finds what has ${what} in it`,
      run: async ({ audit }: OpenedAudit) => {
        const event = newEvent({ type: text, sub: text, actor: text, source: text, details: text })
        await audit.append([event, newEvent()])

        const filed = await audit.list({ limit: 10, type: text, sub: text })

        assert.deepEqual(
          filed.map(({ number: _number, ...one }) => one),
          [event],
        )
      },
    })),
  {
    sentence: 'keeps copies and answers with copies',
    run: async ({ audit }) => {
      const event = newEvent()
      const original = structuredClone(event)
      await audit.append([event])

      Object.assign(event, { type: 'forged' })
      for (const one of await audit.list({ limit: 1 })) Object.assign(one, { type: 'forged' })

      assert.deepEqual(await idsOf(audit, { type: original.type }), [original.id])
    },
  },
]

const appendCases: readonly Case<OpenedAudit>[] = [
  {
    sentence: 'keeps an event that is appended twice once, as it was',
    run: async ({ audit }) => {
      const [first, second] = [newEvent(), newEvent()]
      await audit.append([first])

      await audit.append([{ ...first, type: 'another' }, second, second])

      const filed = await audit.list({ limit: 10 })
      assert.deepEqual(
        filed.map(({ id, type }) => [id, type]),
        [
          [second.id, 'login_failed'],
          [first.id, 'login_failed'],
        ],
      )
    },
  },
  {
    sentence: 'keeps each event once that 16 simultaneous writers append',
    run: async ({ audit }) => {
      const events = Array.from({ length: 50 }, () => newEvent())

      await Promise.all(Array.from({ length: 16 }, () => audit.append(events)))

      assert.deepEqual(await idsOf(audit), events.map(({ id }) => id).toReversed())
    },
  },
]

const queryCases: readonly Case<OpenedAudit>[] = [
  {
    sentence: 'gives each event on one page, in order',
    run: async ({ audit }) => {
      const events = Array.from({ length: 25 }, () => newEvent())
      await audit.append(events)

      const pages: string[][] = []
      let before: number | undefined
      for (let size = 10; size === 10; ) {
        const page = await audit.list({ limit: 10, before })
        pages.push(page.map(({ id }) => id))
        before = page.at(-1)?.number
        size = page.length
      }

      assert.deepEqual(
        pages.map(({ length }) => length),
        [10, 10, 5],
      )
      assert.deepEqual(pages.flat(), events.map(({ id }) => id).toReversed())
    },
  },
  {
    sentence: 'lists those of one type, of one subject, and of both',
    run: async ({ audit }) => {
      const [sub, type] = [randomUUID(), 'logged_out']
      const [both, mine, out, other] = [
        newEvent({ sub, type }),
        newEvent({ sub }),
        newEvent({ type }),
        bareEvent(),
      ] as const
      await audit.append([both, mine, out, other])

      const found = [
        await idsOf(audit, { type }),
        await idsOf(audit, { sub }),
        await idsOf(audit, { sub, type }),
        await idsOf(audit, { sub: 'nobody' }),
      ]

      assert.deepEqual(found, [[out.id, both.id], [mine.id, both.id], [both.id], []])
    },
  },
  {
    sentence: 'lists the last of those that are asked for, not those among the last',
    run: async ({ audit }) => {
      const wanted = newEvent({ type: 'logged_out' })
      await audit.append([wanted, ...Array.from({ length: 5 }, () => newEvent())])

      assert.deepEqual(await idsOf(audit, { type: 'logged_out', limit: 2 }), [wanted.id])
    },
  },
]

export const auditLogCases = [...recordCases, ...appendCases, ...queryCases]

export function auditLogContract(
  name: string,
  open: (t: TestContext) => Promise<OpenedAudit>,
): void {
  describeCases(name, auditLogCases, open)
}
