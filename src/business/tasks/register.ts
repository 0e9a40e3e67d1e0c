/** Tasks: what takes longer than a request may, done beside them by whoever works. */
import { route } from '../../http/router.ts'
import { integer, readBy } from '../../variable-kinds.ts'
import { businessCapability } from '../capability.ts'
import { addTask } from './add-task.ts'
import { compute } from './compute.ts'
import { openTasks } from './open-tasks.ts'
import { cancelTask, listTasks, showTask } from './own-tasks.ts'
import { randomText } from './random-text.ts'
import { startTaskWorker } from './worker.ts'

const kinds = [compute, randomText]

export const tasks = businessCapability({
  name: 'tasks',
  variables: { TASKS_AT_ONCE: readBy('business', 'worker')(integer(1, 1, 64)) },
  async register(core, { TASKS_AT_ONCE: maxRunning }) {
    const { eventBacking, checkCaller, clock, log } = core
    const store = await openTasks(eventBacking, clock)
    /** Of the worker in this process, where there is one. */
    let look = () => {}
    const dependencies = { checkCaller, store, clock, onAdded: () => look() }

    function work() {
      const random = Math.random
      const worker = startTaskWorker({ store, kinds, clock, log, random, maxRunning })
      look = () => worker.look()
      return () => worker.stop()
    }

    return {
      routes: [
        ...kinds.map((kind) => route(`/${kind.name}`, { POST: addTask(dependencies, kind) })),
        route('/tasks', { GET: listTasks(dependencies) }),
        route('/tasks/:id', { GET: showTask(dependencies), DELETE: cancelTask(dependencies) }),
      ],
      work: [work],
    }
  },
})
