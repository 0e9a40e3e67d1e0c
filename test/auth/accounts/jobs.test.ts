/** What accounts do by themselves, and what becomes of it where a store is away. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { RevocationStore } from '../../../src/auth/accounts/account-store.ts'
import { createAccountChanges } from '../../../src/auth/accounts/change-accounts.ts'
import {
  createEndSessions,
  startPendingRevocations,
} from '../../../src/auth/accounts/end-sessions.ts'
import { startClaimSweep } from '../../../src/auth/accounts/sweep-claims.ts'
import { unavailable } from '../../../src/http/refusal.ts'
import { manualClock } from '../../kit/clock.ts'
import { recordedLog } from '../../kit/log.ts'
import { assertUnavailable } from '../../storage/contract.ts'
import { newAccount, nothingElse } from './account-store-kit.ts'
import { openMemoryAccounts } from './open-memory-accounts.ts'

const away = async () => {
  throw unavailable('The store is away.')
}
const untilDone = () => new Promise(setImmediate)

function start(revocations: RevocationStore, { isLasting = true } = {}) {
  const [clock, log, ended] = [manualClock(), recordedLog(), [] as string[]]
  const tokens = {
    revokeSubject: async (sub: string) => {
      ended.push(sub)
      return { isLasting }
    },
  }
  const endSessions = createEndSessions({ revocations, tokens, purposes: () => [], log })
  const stop = startPendingRevocations({ revocations, endSessions, clock, log })
  return { clock, log, ended, stop, endSessions }
}

describe('sessions that wait to be ended', () => {
  it('are ended again where nobody could write down that they were', async () => {
    const pending = async () => [{ changeId: 'change', sub: 'somebody' }]
    const { clock, log, ended } = start({ pending, settle: away })

    clock.advance(2_000)
    await untilDone()
    clock.advance(2_000)
    await untilDone()

    assert.deepEqual(ended, ['somebody', 'somebody'])
    assert.equal(log.find('ended sessions will be ended again').length, 2)
  })

  it('are ended again while a crash could undo it', async () => {
    const settled: string[] = []
    const pending = async () => [{ changeId: 'change', sub: 'somebody' }]
    const settle = async (changeId: string) => void settled.push(changeId)
    const { clock, ended, endSessions } = start({ pending, settle }, { isLasting: false })

    await endSessions({ changeId: 'change', sub: 'somebody' })
    clock.advance(2_000)
    await untilDone()

    assert.deepEqual([ended, settled], [['somebody', 'somebody'], []])
  })

  it('are looked for again where nobody could look', async () => {
    const { clock, log, ended } = start({ pending: away, settle: away })

    clock.advance(2_000)
    await untilDone()
    clock.advance(2_000)
    await untilDone()

    assert.equal(log.find('sessions may wait to be ended').length, 2)
    assert.deepEqual(ended, [])
  })

  it('are looked for by one at a time, and by nobody once that is stopped', async () => {
    let looks = 0
    const pending = () => {
      looks++
      return new Promise<never>(() => {})
    }
    const { clock, stop } = start({ pending, settle: away })

    clock.advance(4_000)
    stop()
    clock.advance(4_000)

    assert.equal(looks, 1)
  })
})

describe('claims that are dead', () => {
  it('are removed at each interval, also after one that failed', async () => {
    const [clock, log] = [manualClock(), recordedLog()]
    let sweeps = 0
    const sweep = async () => {
      if (sweeps++ === 0) await away()
      return 0
    }

    const stop = startClaimSweep({ claims: { sweep }, clock, log })
    clock.advance(60_000)
    await untilDone()
    clock.advance(60_000)
    await untilDone()
    stop()
    clock.advance(120_000)

    assert.equal(sweeps, 2)
    assert.equal(log.find('dead claims were not removed').length, 1)
  })
})

describe('many claims that are dead', () => {
  it('are removed slice after slice, until there are no more or the job is stopped', async () => {
    const clock = manualClock()
    const slices = [1_000, 1_000, 999, 1_000, 1_000]
    let sweeps = 0
    const sweep = async () => {
      if (sweeps === 3) stop()
      return slices[sweeps++] ?? 0
    }

    const stop = startClaimSweep({ claims: { sweep }, clock, log: recordedLog() })
    clock.advance(60_000)
    await untilDone()
    const first = sweeps
    clock.advance(60_000)
    await untilDone()

    assert.deepEqual([first, sweeps], [3, 4])
  })
})

describe('an account that others change all the time', () => {
  it('is a 503 for who comes too late each time', async () => {
    const { accounts } = await openMemoryAccounts()
    const account = newAccount()
    await accounts.create(account, nothingElse)
    const changes = createAccountChanges({
      accounts: { ...accounts, replace: async () => 'stale', remove: async () => false },
      endSessions: away,
      outbox: () => undefined,
      clock: manualClock(),
    })
    const edit = { type: 'renamed', fields: { name: 'x' }, endsSessions: false } as const

    await assertUnavailable(changes.change(account.id, () => edit))
    await assertUnavailable(
      changes.remove(
        account.id,
        async () => {},
        () => {},
      ),
    )

    assert.deepEqual(await accounts.find(account.id), account)
    assert.equal(
      await changes.remove(
        'nobody',
        async () => {},
        () => {},
      ),
      false,
    )
  })
})
