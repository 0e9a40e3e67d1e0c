import type { TestContext } from 'node:test'
import { memoryUserStore } from '../../../src/storage/memory/users.ts'
import { userStoreContract } from '../user-store-contract.ts'
import type { OpenedUsers } from '../user-store-kit.ts'

userStoreContract('the memory user store', openMemoryUsers)

async function openMemoryUsers(t: TestContext): Promise<OpenedUsers> {
  const store = memoryUserStore()
  t.after(() => store.close())
  return { store }
}
