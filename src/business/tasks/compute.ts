/** `compute`: how many primes there are below a number. In a thread, so that no request waits for it. */
import { Worker } from 'node:worker_threads'
import { count, object } from '../../http/shape.ts'
import type { Message } from './primes-thread.ts'
import { type TaskResult, taskKind, type Work } from './task-kind.ts'

const input = object({ below: count({ most: 1_000_000_000 }) })

export const compute = taskKind({
  name: 'compute',
  summary: 'Count the primes below a number',
  input,
  perform: ({ below }, work) => countInThread(below, work),
})

function countInThread(below: number, { signal, report }: Work): Promise<TaskResult> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const thread = startThread(below)
    const end = () => void thread.terminate()
    signal.addEventListener('abort', end)
    thread.on('message', (message: Message) => {
      if ('percent' in message) report(message.percent)
      else resolve(message)
    })
    thread.on('error', reject)
    thread.on('exit', () => {
      signal.removeEventListener('abort', end)
      reject(new Error('the thread ended without a result'))
    })
  })
}

function startThread(workerData: number): Worker {
  if (import.meta.url.endsWith('.js'))
    return new Worker(new URL('./primes-thread.js', import.meta.url), { workerData })
  // tsx, with which we develop, does not come along into threads of Node 20.
  const file = JSON.stringify(new URL('./primes-thread.ts', import.meta.url).href)
  const code = `import('tsx/esm/api').then((tsx) => { tsx.register(); return import(${file}) })`
  return new Worker(code, { eval: true, workerData })
}
