/** The users themselves, for all who keep something of them in the memory of this process. Nothing in it waits. */
import type { UserTable } from '../backing.ts'
import type { User } from '../ports.ts'

export function memoryUserTable(): UserTable {
  const byId = new Map<string, User>()
  const idByUsername = new Map<string, string>()

  function copyOf(id: string | undefined): User | undefined {
    const user = id === undefined ? undefined : byId.get(id)
    return user && { ...user }
  }

  return {
    findById: copyOf,
    findByUsername: (username) => copyOf(idByUsername.get(username)),
    put({ id, username, name, passwordHash, isDisabled }) {
      if ((idByUsername.get(username) ?? id) !== id) return false
      const before = byId.get(id)
      if (before !== undefined) idByUsername.delete(before.username)
      byId.set(id, { id, username, name, passwordHash, isDisabled })
      idByUsername.set(username, id)
      return true
    },
    remove(id) {
      const user = byId.get(id)
      if (user === undefined) return
      byId.delete(id)
      idByUsername.delete(user.username)
    },
    ids: () => [...byId.keys()],
  }
}
