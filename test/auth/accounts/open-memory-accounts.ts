import { memoryAccountStores } from '../../../src/auth/accounts/memory.ts'
import { memoryUserTable } from '../../../src/storage/memory/user-table.ts'
import { memoryUserStore } from '../../../src/storage/memory/users.ts'
import { neighboursOn, type OpenedAccounts } from './account-store-kit.ts'

export async function openMemoryAccounts(): Promise<OpenedAccounts> {
  const kept: string[] = []
  const table = memoryUserTable()
  const neighbours = neighboursOn({
    now: (text) => void kept.push(text),
    statement: () => {
      throw new TypeError('this is no database')
    },
  })
  const stores = memoryAccountStores({ users: table, now: Date.now, ...neighbours })
  return { ...stores, users: memoryUserStore(table), kept: async () => [...kept] }
}
