/** The user store as other processes have it. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { UserStore } from '../../../src/storage/ports.ts'
import type { Lifetime } from '../../kit/daemon.ts'
import type { Order, Report } from './user-process.ts'

/** A store that hands every call to the other of two processes than the one before. */
export async function openUsersElsewhere(t: Lifetime, url: string): Promise<UserStore> {
  const processes = [await startProcess(t, url), await startProcess(t, url)] as const
  let calls = 0
  const by =
    (method: keyof UserStore) =>
    (...args: readonly unknown[]) =>
      processes[calls++ % 2 === 0 ? 0 : 1](method, args) as Promise<never> // what the method answers
  return {
    create: by('create'),
    findByUsername: by('findByUsername'),
    findById: by('findById'),
    replacePasswordHash: by('replacePasswordHash'),
    ping: by('ping'),
    close: by('close'),
  }
}

type Call = (method: keyof UserStore, args: readonly unknown[]) => Promise<unknown>

async function startProcess(t: Lifetime, url: string): Promise<Call> {
  const { PATH = '', NODE_V8_COVERAGE } = process.env
  const coverage = NODE_V8_COVERAGE === undefined ? {} : { NODE_V8_COVERAGE }
  const child = fork(fileURLToPath(new URL('./user-process.js', import.meta.url)), {
    env: { PATH, ...coverage, ACCOUNT_STORE: url },
    serialization: 'advanced', // knows `undefined`
  })
  t.after(() => end(child))
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('the process has ended')))
  await Promise.race([once(child, 'message'), ended])
  const asked = new Map<number, (report: Report) => void>()
  child.on('message', (report: Report) => asked.get(report.id)?.(report))
  let orders = 0
  return async (method, args) => {
    const order: Order = { id: ++orders, method, args }
    const reported = new Promise<Report>((resolve) => asked.set(order.id, resolve))
    child.send(order)
    const { error, value } = await Promise.race([reported, ended])
    asked.delete(order.id)
    if (error !== undefined) throw new Error(error)
    return value
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.disconnect()
  const timer = setTimeout(() => child.kill('SIGKILL'), 3_000)
  await exited
  clearTimeout(timer)
}
