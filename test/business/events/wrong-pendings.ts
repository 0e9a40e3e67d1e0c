import type { AcceptedEvent } from '../../../src/business/event-port.ts'
import type { Flaw } from '../../storage/wrong-store.ts'
import type { OpenedLog } from './event-kit.ts'
import { flaw, flawInOne, right, type Spoil } from './flawed-log.ts'

/** Keeps the latest payloads under names that `nameOf` makes. */
function pendingUnder(nameOf: (owner: string, about: string) => string): Spoil {
  return (log) => {
    const payloads = new Map<string, string>()
    return {
      publish(event) {
        payloads.set(nameOf(event.owner, event.about), event.payload)
        return log.publish(event)
      },
      async pending({ owner, abouts }) {
        const found = abouts.map((about) => [about, payloads.get(nameOf(owner, about))] as const)
        return new Map(found.filter((one): one is [string, string] => one[1] !== undefined))
      },
    }
  }
}

export const wrongPendings: readonly Flaw<OpenedLog>[] = [
  flawInOne(
    'tells of what its own process has accepted',
    'knows at once of an event that another process has accepted',
    (log) => ({ publish: async (event) => await log.publish({ ...event, owner: 'unseen' }) }),
  ),
  flaw('tells the first of several', 'knows the latest of several about the same thing', (log) => {
    const first = new Map<string, string>()
    return {
      publish(event) {
        first.set(event.about, first.get(event.about) ?? event.payload)
        return log.publish(event)
      },
      pending: async () => first,
    }
  }),
  flaw(
    'tells everybody of everything',
    'shows nothing of other owners and topics',
    pendingUnder((_, about) => about),
  ),
  flaw(
    'joins owners and things with a colon',
    'tells owners apart whose ids run together with what the event is about',
    pendingUnder((owner, about) => `${owner}:${about}`),
  ),
  flaw(
    'forgets what was settled at once',
    'still knows of an event that was taken, and for a while of one that was settled',
    right,
    { pendingMilliseconds: 0 },
  ),
  flaw(
    'never forgets',
    'forgets an event some time after it was settled, and not one that is newer',
    right,
    { pendingMilliseconds: 1e12 },
  ),
  flaw(
    'forgets the newer event with the older one',
    'forgets an event some time after it was settled, and not one that is newer',
    (log) => {
      const latest = new Map<string, AcceptedEvent>()
      return {
        async publish(event) {
          const accepted = await log.publish(event)
          latest.set(event.about, accepted)
          return accepted
        },
        async settle(topic, events) {
          const newer = events.flatMap(({ about }) => latest.get(about) ?? [])
          const places = [...events, ...newer.map((one) => ({ ...one, place: one.id }))]
          await log.settle(topic, places)
        },
      }
    },
  ),
]
