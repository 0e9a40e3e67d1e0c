/** What stands beside business's core: a folder that can be deleted, with its line in `capabilities.ts`. */
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { CheckedExtension, Extension } from '../config-extension.ts'
import type { Problems } from '../config-problems.ts'
import type { Route } from '../http/router.ts'
import type { Log } from '../log.ts'
import type { Job } from '../periodic-job.ts'
import type { ContentBacking, EventBacking } from '../storage/backing.ts'
import type { SoundValuesOf, VariableTable } from '../variable-kinds.ts'
import type { AccountFollower } from './account-port.ts'
import type { ConnectOptions } from './auth-addresses.ts'
import type { AuthConnection } from './auth-connection.ts'
import type { CheckCaller } from './caller.ts'
import type { Events, Topic } from './event-port.ts'
import type { ServiceToken } from './service-token.ts'
import type { Validate } from './validator.ts'

/** What capabilities offer to one another. To be asked for when it is needed: complete once all are registered. */
export interface BusinessOffers {
  readonly events: () => Events | undefined
  readonly topics: () => readonly Topic[]
  readonly accountFollowers: () => readonly AccountFollower[]
  readonly likes: () => Likes | undefined
}

/** How many likes there are of each UTC day (`YYYY-MM-DD`) from the first to the last, days without any left out. In order. */
export interface Likes {
  likesPerDay(range: { readonly from: string; readonly to: string }): Promise<readonly LikesOfDay[]>
}

export interface LikesOfDay {
  readonly day: string
  readonly likes: number
}

/** What business offers to each capability. */
export interface BusinessCore extends BusinessOffers {
  readonly environment: Config['environment']
  /** Who calls? To be awaited first by every guarded endpoint. */
  readonly checkCaller: CheckCaller
  /** A connection to auth of one's own, which ends with the process. */
  readonly connect: (options?: ConnectOptions) => AuthConnection
  /** Our credential at auth, allowed this. */
  readonly serviceToken: (scope: string) => ServiceToken
  /** Where a capability keeps what must last. */
  readonly content: ContentBacking
  /** Where a capability keeps what is to be worked off. */
  readonly eventBacking: EventBacking
  readonly clock: Clock
  readonly log: Log
}

/** What a capability adds to business. */
export interface BusinessAddition {
  /** Another way to check a token, which may fall back on that of the capabilities before it in the list. */
  readonly validateBy?: (validate: Validate) => Validate
  readonly routes?: readonly Route[]
  /** Awaited before business serves anybody. Never rejects. */
  readonly prepare?: () => Promise<void>
  /** Done beside requests, in each business process. */
  readonly jobs?: readonly Job[]
  /** Likewise, or in worker processes alone. Several may do it at the same moment. */
  readonly work?: readonly Job[]
  readonly events?: Events
  readonly topics?: readonly Topic[]
  readonly accountFollower?: AccountFollower
  readonly likes?: Likes
  /** Readiness probes, by the names under which the log tells of them. */
  readonly probes?: Readonly<Record<string, () => Promise<unknown>>>
}

export interface BusinessDefinition<T extends VariableTable> {
  /** That of its folder. */
  readonly name: string
  readonly variables?: T
  /** Adds what is wrong with its variables together. */
  readonly check?: (checked: CheckedExtension<T>, problems: Problems) => void
  /** The folder of its migrations, which are numbered by themselves and refer to no table of others. */
  readonly migrations?: URL
  register(
    core: BusinessCore,
    values: SoundValuesOf<T>,
  ): BusinessAddition | Promise<BusinessAddition>
}

export interface BusinessCapability {
  readonly name: string
  readonly extension: Extension
  readonly migrations: URL | undefined
  /** `config` must have been read with the extension of this capability. */
  register(core: BusinessCore, config: Pick<Config, 'extensions'>): Promise<BusinessAddition>
}

export function businessCapability<T extends VariableTable>(
  definition: BusinessDefinition<T>,
): BusinessCapability {
  const { name, variables = {}, check, migrations } = definition
  return {
    name,
    // It is called with what was read of these variables, and of no others.
    extension: { variables, ...(check && { check: check as NonNullable<Extension['check']> }) },
    migrations,
    async register(core, { extensions }) {
      const values = extensions.get(variables)
      if (values === undefined) throw new TypeError(`nobody read the variables of ${name}`)
      return await definition.register(core, values as SoundValuesOf<T>) // as its own table declares
    },
  }
}
