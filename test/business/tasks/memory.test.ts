import { openMemoryTasks } from './open-stores.ts'
import { taskContract } from './task-contract.ts'

taskContract('tasks in memory', async () => openMemoryTasks())
