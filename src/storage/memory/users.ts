/** Users in the memory of one process: for the demo and for tests. A restart forgets them. */
import { unavailable } from '../../http/refusal.ts'
import type { UserStore } from '../ports.ts'
import { memoryUserTable } from './user-table.ts'

export function memoryUserStore(table = memoryUserTable()): UserStore {
  let isClosed = false

  function checkOpen(): void {
    if (isClosed) throw unavailable('The user store is closed.')
  }

  return {
    async create(user) {
      checkOpen()
      return table.findById(user.id) === undefined && table.put(user)
    },
    async findByUsername(username) {
      checkOpen()
      return table.findByUsername(username)
    },
    async findById(id) {
      checkOpen()
      return table.findById(id)
    },
    async replacePasswordHash(id, from, to) {
      checkOpen()
      const user = table.findById(id)
      return user?.passwordHash === from && table.put({ ...user, passwordHash: to })
    },
    async ping() {
      checkOpen()
    },
    async close() {
      isClosed = true
    },
  }
}
