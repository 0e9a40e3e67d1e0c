import type { EventLog } from '../../../src/business/events/event-log.ts'
import type { Flaw } from '../../storage/wrong-store.ts'
import type { OpenedLog } from './event-kit.ts'
import { openInMemory } from './open-log.ts'

type Options = Parameters<typeof openInMemory>[0]
export type Spoil = (right: EventLog) => Partial<EventLog>

export function flaw(
  what: string,
  isCaughtBy: string,
  spoil: Spoil,
  options: Options = {},
): Flaw<OpenedLog> {
  const open = async () => {
    const opened = openInMemory(options)
    const events = { ...opened.events, ...spoil(opened.events) }
    return { ...opened, events, elsewhere: events }
  }
  return { what, isCaughtBy, open }
}

/** The flaw is in one of two processes. */
export function flawInOne(what: string, isCaughtBy: string, spoil: Spoil): Flaw<OpenedLog> {
  const open = async () => {
    const opened = openInMemory()
    return { ...opened, events: { ...opened.events, ...spoil(opened.events) } }
  }
  return { what, isCaughtBy, open }
}

/** The flaw is in the options. */
export const right = () => ({})
