/** What stands beside business's core: a folder that can be deleted, with its line in `capabilities.ts`. */
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { CheckedExtension, Extension } from '../config-extension.ts'
import type { Problems } from '../config-problems.ts'
import type { Log } from '../log.ts'
import type { SoundValuesOf, VariableTable } from '../variable-kinds.ts'
import type { AuthConnection } from './auth-connection.ts'
import type { Validate } from './validator.ts'

/** What business offers to each capability. */
export interface BusinessCore {
  /** A connection to auth of one's own, which ends with the process. */
  readonly connect: () => AuthConnection
  readonly clock: Clock
  readonly log: Log
}

/** What a capability adds to business. */
export interface BusinessAddition {
  /** Another way to check a token, which may fall back on the one that was there. */
  readonly validateBy?: (validate: Validate) => Validate
}

export interface BusinessDefinition<T extends VariableTable> {
  /** That of its folder. */
  readonly name: string
  readonly variables: T
  /** Adds what is wrong with its variables together. */
  readonly check?: (checked: CheckedExtension<T>, problems: Problems) => void
  register(core: BusinessCore, values: SoundValuesOf<T>): Promise<BusinessAddition>
}

export interface BusinessCapability {
  readonly name: string
  readonly extension: Extension
  /** `config` must have been read with the extension of this capability. */
  register(core: BusinessCore, config: Pick<Config, 'extensions'>): Promise<BusinessAddition>
}

export function businessCapability<T extends VariableTable>(
  definition: BusinessDefinition<T>,
): BusinessCapability {
  const { name, variables, check } = definition
  return {
    name,
    // It is called with what was read of these variables, and of no others.
    extension: { variables, ...(check && { check: check as NonNullable<Extension['check']> }) },
    async register(core, { extensions }) {
      const values = extensions.get(variables)
      if (values === undefined) throw new TypeError(`nobody read the variables of ${name}`)
      return await definition.register(core, values as SoundValuesOf<T>) // as its own table declares
    },
  }
}
