/** Users in the memory of one process: for the demo and for tests. A restart forgets them. */
import { unavailable } from '../../http/refusal.ts'
import type { User, UserStore } from '../ports.ts'

export function memoryUserStore(): UserStore {
  const byId = new Map<string, User>()
  const idByUsername = new Map<string, string>()
  let isClosed = false

  function checkOpen(): void {
    if (isClosed) throw unavailable('The user store is closed.')
  }

  function copyOf(id: string | undefined): User | undefined {
    const user = id === undefined ? undefined : byId.get(id)
    return user && { ...user }
  }

  return {
    async create(user) {
      checkOpen()
      if (byId.has(user.id) || idByUsername.has(user.username)) return false
      byId.set(user.id, { ...user })
      idByUsername.set(user.username, user.id)
      return true
    },
    async findByUsername(username) {
      checkOpen()
      return copyOf(idByUsername.get(username))
    },
    async findById(id) {
      checkOpen()
      return copyOf(id)
    },
    async replacePasswordHash(id, from, to) {
      checkOpen()
      const user = byId.get(id)
      if (user?.passwordHash !== from) return false
      byId.set(id, { ...user, passwordHash: to })
      return true
    },
    async ping() {
      checkOpen()
    },
    async close() {
      isClosed = true
    },
  }
}
