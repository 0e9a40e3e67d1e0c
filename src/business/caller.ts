/** Who calls, as business's capabilities see it: an id, a name and scopes. Nothing of login names, passwords or tokens. */
import type { Call } from '../http/endpoint.ts'
import { Refusal } from '../http/refusal.ts'
import type { AliveValidation } from '../validation.ts'
import { checkToken } from './check-token.ts'
import type { Validate } from './validator.ts'

export interface Caller {
  /** A user's UUID. */
  readonly id: string
  /** What others see of the user. A token may not say it. */
  readonly name: string | undefined
  readonly scopes: ReadonlySet<string>
}

/** Refuses a call without a living token. The step that every guarded endpoint awaits first. */
export type CheckCaller = (call: Call) => Promise<Caller>

/** `validate` is asked for with each call: complete once all capabilities are registered. */
export function createCheckCaller(validate: () => Validate): CheckCaller {
  return async (call) => callerOf(await checkToken(validate(), call))
}

export function callerOf(validation: AliveValidation): Caller {
  const { sub: id, scope } = validation
  const name = 'name' in validation ? validation.name : undefined
  return { id, name, scopes: new Set(scope.split(' ')) }
}

/** Refuses who may not do this. */
export function checkCallerScope({ scopes }: Caller, scope: string): void {
  if (scopes.has(scope)) return
  throw new Refusal('insufficient_scope', `The scope '${scope}' is needed here.`)
}
