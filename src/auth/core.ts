/** Puts together what the core offers to capabilities, and what they add to it: each is asked for when it is needed. */
import { describeError } from '../log.ts'
import type { Addition, Core, Offers } from './capability.ts'
import { clientsOf } from './clients.ts'
import { createLogin } from './login.ts'
import type { Report } from './security-events.ts'

/** What an entry point opens. */
export type CoreParts = Omit<Core, 'login' | 'report' | keyof Offers>

export interface AssembledCore {
  readonly core: Core
  /** In the order in which their capabilities were registered. To be added to. */
  readonly additions: Addition[]
}

export function assembleCore(parts: CoreParts): AssembledCore {
  const { log } = parts
  const additions: Addition[] = []
  const clients = clientsOf(() =>
    [parts, ...additions].map((one) => one.clients).filter((one) => one !== undefined),
  )
  const report: Report = (event) => {
    for (const { listener } of additions) {
      try {
        listener?.(event)
      } catch (error) {
        log.error('a security event was not heard', { error: describeError(error) })
      }
    }
  }
  const login = createLogin({
    ...parts,
    report,
    additions: () => additions.flatMap((addition) => addition.login ?? []),
  })
  return { core: { ...parts, ...offersOf(additions, parts), clients, report, login }, additions }
}

function offersOf(additions: readonly Addition[], { purposes }: CoreParts): Offers {
  return {
    userPurposes: () => [purposes.session, ...additions.flatMap((one) => one.userPurposes ?? [])],
    kinds: () => additions.flatMap((one) => one.kinds ?? []),
    sessionKinds: () => additions.flatMap((one) => one.sessionKinds ?? []),
    censuses: () => additions.flatMap((one) => one.census ?? []),
    accounts: () => additions.find((one) => one.accounts !== undefined)?.accounts,
    outbox: () => additions.find((one) => one.outbox !== undefined)?.outbox,
    mailTemplates: () => additions.flatMap((one) => one.mailTemplates ?? []),
    changeFollowers: () => additions.flatMap((one) => one.changeFollower ?? []),
    roles: () => Object.assign({}, ...additions.map((one) => one.roles)),
  }
}
