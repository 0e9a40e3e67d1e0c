/** The user store as other processes have it. */
import type { UserStore } from '../../../src/storage/ports.ts'
import type { Lifetime } from '../../kit/daemon.ts'
import { type Call, startOtherProcess } from '../other-process.ts'

const script = new URL('./user-process.js', import.meta.url)

/** A store that hands every call to the other of two processes than the one before. */
export async function openUsersElsewhere(t: Lifetime, url: string): Promise<UserStore> {
  const variables = { ACCOUNT_STORE: url }
  const one = await startOtherProcess(t, script, variables)
  const other = await startOtherProcess(t, script, variables)
  let calls = 0
  const call: Call = (method, args) => (calls++ % 2 === 0 ? one : other)(method, args)
  const by =
    (method: keyof UserStore) =>
    (...args: readonly unknown[]) =>
      call(method, args) as Promise<never> // what the method answers
  return {
    create: by('create'),
    findByUsername: by('findByUsername'),
    findById: by('findById'),
    replacePasswordHash: by('replacePasswordHash'),
    ping: by('ping'),
    close: by('close'),
  }
}
