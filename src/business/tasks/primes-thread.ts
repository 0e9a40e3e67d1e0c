/** A thread of its own: counts, tells how far it is, and ends. */
import { parentPort, workerData } from 'node:worker_threads'
import { countPrimes } from './count-primes.ts'

/** What the thread says. */
export type Message = { readonly percent: number } | { readonly primes: number }

const say = (message: Message) => parentPort?.postMessage(message)

const primes = countPrimes(Number(workerData), (percent) => say({ percent }))
say({ primes })
