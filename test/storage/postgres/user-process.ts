/** A process of its own that opens the user store of `ACCOUNT_STORE` and does with it what its parent says. */
import { systemClock } from '../../../src/clock.ts'
import { openUserStore } from '../../../src/storage/open.ts'
import type { UserStore } from '../../../src/storage/ports.ts'
import { recordedLog } from '../../kit/log.ts'
import { parsePostgresUrl } from './open-stores.ts'

export interface Order {
  readonly id: number
  readonly method: keyof UserStore
  readonly args: readonly unknown[]
}

export interface Report {
  readonly id: number
  readonly value?: unknown
  readonly error?: string
}

const url = parsePostgresUrl(process.env.ACCOUNT_STORE ?? '')
const users = await openUserStore({ url, clock: systemClock, log: recordedLog() })

process.on('message', (order: Order) => void obey(order))
process.on('disconnect', () => void users.close())
process.send?.({ id: 0 } satisfies Report)

async function obey({ id, method, args }: Order): Promise<void> {
  const report = await Promise.resolve(Reflect.apply(users[method], users, args)).then(
    (value: unknown): Report => ({ id, value }),
    (error: unknown): Report => ({ id, error: String(error) }),
  )
  process.send?.(report)
}
