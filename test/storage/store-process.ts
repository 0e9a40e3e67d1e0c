/** A process of its own that opens the token store of `TOKEN_STORE` and does with it what its parent says. */
import { systemClock } from '../../src/clock.ts'
import { openTokenStore } from '../../src/storage/open.ts'
import type { TokenStore } from '../../src/storage/ports.ts'
import { parseStoreUrl } from '../../src/store-url.ts'
import { recordedLog } from '../kit/log.ts'

export interface Order {
  readonly id: number
  readonly method: keyof TokenStore
  readonly args: readonly unknown[]
}

export type Report =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: string }

const url = parseStoreUrl(process.env.TOKEN_STORE ?? '')
if (url === undefined) throw new TypeError('TOKEN_STORE must be the URL of a store')
const log = recordedLog()
const { tokens } = await openTokenStore({
  url,
  clock: systemClock,
  log,
  maxTokens: 0,
  waitReplicas: 0,
})

process.on('message', (order: Order) => void obey(order))
process.on('disconnect', () => void tokens.close())
process.send?.({ id: 0, value: 'ready' } satisfies Report)

async function obey({ id, method, args }: Order): Promise<void> {
  const report = await Promise.resolve(Reflect.apply(tokens[method], tokens, args)).then(
    (value: unknown): Report => ({ id, value }),
    (error: unknown): Report => ({ id, error: `${String(error)}\n${log.text()}` }),
  )
  process.send?.(report)
}
