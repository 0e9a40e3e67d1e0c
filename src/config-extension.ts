/** How capabilities bring variables of their own, which are read and checked with those of the core. */
import type { Problems } from './config-problems.ts'
import type { Program, ValuesOf, VariableTable } from './variable-kinds.ts'
import type { Values } from './variables.ts'

/** Variables beside the core's. */
export interface Extension<T extends VariableTable = VariableTable> {
  readonly variables: T
  /** Adds what is wrong with them together. */
  readonly check?: (checked: CheckedExtension<T>, problems: Problems) => void
}

export interface CheckedExtension<T extends VariableTable> {
  readonly values: ValuesOf<T>
  /** Whether a variable is set, or has its default only. */
  readonly isSet: (name: keyof T & string) => boolean
  readonly core: Values
  readonly programs: readonly Program[]
}
