/** Puts together what business's core offers to capabilities, and what they add to it: each is asked for when it is needed. */
import { createCheckCaller } from './caller.ts'
import type { BusinessAddition, BusinessCore, BusinessOffers } from './capability.ts'
import type { Validate } from './validator.ts'

/** What an entry point opens. */
export interface BusinessParts extends Omit<BusinessCore, 'checkCaller' | keyof BusinessOffers> {
  /** As the core alone checks a token. */
  readonly validate: Validate
}

export interface AssembledBusiness {
  readonly core: BusinessCore
  /** In the order in which their capabilities were registered. To be added to. */
  readonly additions: BusinessAddition[]
  /** As a token is checked with what was added. To be asked for once all are registered. */
  readonly validate: () => Validate
}

export function assembleBusiness({ validate: own, ...parts }: BusinessParts): AssembledBusiness {
  const additions: BusinessAddition[] = []
  let made: { readonly of: number; readonly validate: Validate } | undefined

  function validate(): Validate {
    if (made?.of !== additions.length) {
      const ways = additions.flatMap(({ validateBy }) => validateBy ?? [])
      const whole = ways.reduce((inner, by) => by(inner), own)
      made = { of: additions.length, validate: whole }
    }
    return made.validate
  }

  const checkCaller = createCheckCaller(validate)
  return { core: { ...parts, ...offersOf(additions), checkCaller }, additions, validate }
}

function offersOf(additions: readonly BusinessAddition[]): BusinessOffers {
  return {
    events: () => additions.find((one) => one.events !== undefined)?.events,
    topics: () => additions.flatMap((one) => one.topics ?? []),
    accountFollowers: () => additions.flatMap((one) => one.accountFollower ?? []),
    likes: () => additions.find((one) => one.likes !== undefined)?.likes,
  }
}
