/**
 * By how much wrong passwords slow down. What a wrong password leaves behind is a debt of time, which passes by itself;
 * a counter is therefore the instant at which its debt is over. A few wrong ones are free. From then on each attempt
 * waits for one second after the one before, doubled with every further wrong password, up to a longest wait. That is
 * also the debt of one wrong password: however somebody spreads his guesses, he has no more of them in the long run than
 * one each longest wait.
 *
 * The numbers. NIST SP 800-63B-4 wants waits that grow, and an account disabled after 100 consecutive failures; OWASP's
 * ASVS 4 wants no more than 100 failures of an account in an hour. With these a place has 10 guesses and then 96 a day,
 * and all places together that an account does not know have 20 and then 60 an hour. We disable no account: that would be
 * a switch in the hand of every stranger. A source has 100 free ones, for a whole office may have one address.
 *
 * An attempt costs a little of that from before it is checked until it is found right: so a hundred right logins of one
 * user may be under way together; and so may, at worst, a hundred guesses at once, which are then paid for in full.
 */
export interface Limit {
  readonly freeFailures: number
  /** How many attempts cost, while they are under way, as much as all free failures. */
  readonly freeFlights: number
  readonly longestWaitMilliseconds: number
}

export interface Limits {
  /** An account from one source. */
  readonly pair: Limit
  /** A source, whatever account it tries. */
  readonly source: Limit
  /** An account from all the sources together that it does not know. */
  readonly account: Limit
  /** How long an account knows a source after a login from there. */
  readonly knownForMilliseconds: number
  /** How many sources an account knows; the one without a login for the longest goes first. */
  readonly maxKnownSources: number
  /** How long an account remembers a failure of which its user is still to be told. */
  readonly untoldForMilliseconds: number
}

const minute = 60_000
const day = 24 * 60 * minute

export const limits: Limits = {
  pair: { freeFailures: 10, freeFlights: 100, longestWaitMilliseconds: 15 * minute },
  source: { freeFailures: 100, freeFlights: 1_000, longestWaitMilliseconds: minute },
  account: { freeFailures: 20, freeFlights: 100, longestWaitMilliseconds: minute },
  knownForMilliseconds: 30 * day,
  maxKnownSources: 20,
  untoldForMilliseconds: day,
}

export const firstWaitMilliseconds = 1_000

/** The debt of a wrong password. */
export function failureCost({ longestWaitMilliseconds }: Limit): number {
  return longestWaitMilliseconds
}

/** The debt of an attempt under way. */
export function flightCost(limit: Limit): number {
  const { freeFailures, freeFlights } = limit
  return (failureCost(limit) * freeFailures) / freeFlights
}
