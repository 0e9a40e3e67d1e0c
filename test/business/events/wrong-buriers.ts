import type { DeadLetter } from '../../../src/business/events/event-log.ts'
import type { Flaw } from '../../storage/wrong-store.ts'
import { type OpenedLog, smallLog } from './event-kit.ts'
import { flaw } from './flawed-log.ts'

export const wrongBuriers: readonly Flaw<OpenedLog>[] = [
  flaw(
    'forgets the reason',
    'keeps what was buried, whole and with the reason, and gives it to nobody',
    (log) => ({ bury: (event) => log.bury(event, '') }),
  ),
  flaw(
    'leaves what it buries where it was',
    'keeps what was buried, whole and with the reason, and gives it to nobody',
    () => {
      const letters: DeadLetter[] = []
      return {
        async bury({ place, ...event }, reason) {
          letters.push({ id: place, event, reason })
        },
        deadLetters: async () => letters,
      }
    },
  ),
  ...['buries once what two workers bury', 'buries nothing that was settled'].map((sentence) =>
    flaw('buries whatever it is given', sentence, (log) => {
      const letters: DeadLetter[] = []
      return {
        async bury(event, reason) {
          letters.push({ id: event.place, event, reason })
          await log.settle(event.topic, [event])
        },
        deadLetters: async () => letters,
      }
    }),
  ),
  flaw(
    'forgets the oldest letter where there are too many',
    'refuses to bury with 503 where there are too many dead letters, and loses neither',
    (log) => ({
      async deadLetters(page) {
        const letters = await log.deadLetters(page)
        return letters.slice(-smallLog.maxDeadLetters)
      },
    }),
    { maxDeadLetters: 100 },
  ),
  flaw(
    'begins every page with the first letter',
    'lists dead letters in their order, page by page',
    (log) => ({ deadLetters: ({ limit }) => log.deadLetters({ after: undefined, limit }) }),
  ),
  flaw(
    'replays as if it were new',
    'lets what is replayed wait again, with the id that it had, beside a newer one',
    (log) => {
      const gone = new Set<string>()
      return {
        async replay({ id, event }) {
          gone.add(id)
          await log.publish(event)
          return true
        },
        deadLetters: async (page) =>
          (await log.deadLetters(page)).filter(({ id }) => !gone.has(id)),
      }
    },
  ),
  flaw('looks first and replays after', 'replays once what two replay at once', (log) => ({
    async replay(letter) {
      const letters = await log.deadLetters({ after: undefined, limit: 100 })
      if (!letters.some(({ id }) => id === letter.id)) return false
      await log.replay(letter)
      return true
    },
  })),
  flaw(
    'takes the letter away before there is room',
    'refuses to replay with 503 where the topic is full, and keeps the letter',
    (log) => {
      const gone = new Set<string>()
      return {
        replay(letter) {
          gone.add(letter.id)
          return log.replay(letter)
        },
        deadLetters: async (page) =>
          (await log.deadLetters(page)).filter(({ id }) => !gone.has(id)),
      }
    },
  ),
  flaw(
    'replays beyond the bound',
    'refuses to replay with 503 where the topic is full, and keeps the letter',
    () => ({ replay: async () => true }),
  ),
]
