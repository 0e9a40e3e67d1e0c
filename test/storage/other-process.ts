/** A process of its own that does with a store what it is told: here its parent, there `serveStore`. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { inspect } from 'node:util'
import type { Lifetime } from '../kit/daemon.ts'
import type { RecordedLog } from '../kit/log.ts'
import type { Variables } from '../kit/processes.ts'

interface Order {
  readonly id: number
  readonly method: string
  readonly args: readonly unknown[]
}

type Report =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: string }

/** Calls a method of the store that the other process has. */
export type Call = (method: string, args: readonly unknown[]) => Promise<unknown>

/** Runs `script` until the test ends, told of nothing but these variables. Resolves when it has its store. */
export async function startOtherProcess(
  t: Lifetime,
  script: URL,
  variables: Variables,
): Promise<Call> {
  const { PATH = '', NODE_V8_COVERAGE } = process.env
  const coverage = NODE_V8_COVERAGE === undefined ? {} : { NODE_V8_COVERAGE }
  const child = fork(script, {
    env: { PATH, ...coverage, ...variables },
    serialization: 'advanced', // knows `undefined` and Map
  })
  t.after(() => end(child))
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('the process has ended')))
  await Promise.race([once(child, 'message'), ended])

  const asked = new Map<number, (report: Report) => void>()
  child.on('message', (report: Report) => {
    asked.get(report.id)?.(report)
    asked.delete(report.id)
  })
  let orders = 0
  return async (method, args) => {
    const order: Order = { id: ++orders, method, args }
    const reported = new Promise<Report>((resolve) => asked.set(order.id, resolve))
    child.send(order)
    const report = await Promise.race([reported, ended])
    if ('error' in report) throw new Error(report.error)
    return report.value
  }
}

/** In the other process: does what its parent says, until that lets go of it. */
export function serveStore(store: { close(): Promise<void> }, log: RecordedLog): void {
  async function obey({ id, method, args }: Order): Promise<void> {
    const called: Promise<unknown> = Reflect.apply(Reflect.get(store, method), store, args)
    const report = await called.then(
      (value): Report => ({ id, value }),
      (error: unknown): Report => ({ id, error: `${inspect(error)}\n${log.text()}` }),
    )
    process.send?.(report)
  }

  process.on('message', (order: Order) => void obey(order))
  process.on('disconnect', () => void store.close())
  process.send?.({ id: 0, value: 'ready' } satisfies Report)
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.disconnect()
  const timer = setTimeout(() => child.kill('SIGKILL'), 3_000)
  await exited
  clearTimeout(timer)
}
