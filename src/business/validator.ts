/**
 * Validations travel together. A token that arrives while no call is under way leaves with all that arrived in the same
 * turn of the event loop; what arrives while a call is under way leaves in the next one. So an idle business waits for
 * nobody, a busy one asks about hundreds in one call, and nothing is ever answered from an earlier validation.
 */
import type { Call } from '../http/endpoint.ts'
import { Refusal, unavailable } from '../http/refusal.ts'
import {
  type AliveValidation,
  type ListedValidation,
  maxTokensPerCall,
  maxValidationBytes,
} from '../validation.ts'
import type { AskAuth } from './ask-auth.ts'

/**
 * Asks auth about a token, which must have the syntax of a bearer token, and notes in the call's log line with which
 * call it was asked. Refuses with `invalid_token` where it is not alive, with 503 where auth cannot be asked.
 */
export type Validate = (token: string, call: Pick<Call, 'notes'>) => Promise<AliveValidation>

interface Waiting {
  readonly token: string
  readonly call: Pick<Call, 'notes'>
  readonly resolve: (validation: AliveValidation) => void
  readonly reject: (error: Error) => void
}

export interface ValidatorOptions {
  readonly askAuth: AskAuth
  /** How many may wait for the next call. */
  readonly maxWaiting: number
}

export function createValidator({ askAuth, maxWaiting }: ValidatorOptions): Validate {
  let waiting: Waiting[] = []
  let isBusy = false
  let calls = 0

  /** Asks about all who wait, and when the answer is there, about those who came meanwhile. */
  function send(): void {
    const list = takeList()
    const notes = { validation_call: ++calls }
    for (const { call } of list) call.notes = notes
    askAuth(list.map(({ token }) => token)).then(
      (validations) => {
        sendNext()
        // The connection writes at the end of this turn of the event loop: auth works on the next list while these are answered.
        if (isBusy) setImmediate(settleAll, list, validations)
        else settleAll(list, validations)
      },
      (cause: unknown) => {
        sendNext()
        const refusal = cannotCheck({ cause })
        for (const { reject } of list) reject(refusal)
      },
    )
  }

  function sendNext(): void {
    isBusy = waiting.length > 0
    if (isBusy) send()
  }

  /** The first who wait, as many as one call may carry. */
  function takeList(): readonly Waiting[] {
    const length = lengthOfList(waiting)
    const list = waiting
    waiting = length === list.length ? [] : list.splice(length)
    return list
  }

  return (token, call) =>
    new Promise((resolve, reject) => {
      if (waiting.length >= maxWaiting) {
        reject(unavailable('Too many requests are waiting.'))
        return
      }
      waiting.push({ token, call, resolve, reject })
      if (isBusy) return
      isBusy = true
      setImmediate(send)
    })
}

/** There is one validation for each: who asked auth has checked that. */
function settleAll(list: readonly Waiting[], validations: readonly ListedValidation[]): void {
  list.forEach(({ resolve, reject }, index) => {
    const validation = validations[index]
    if (validation === undefined || 'error' in validation) reject(cannotCheck())
    else if (validation.authenticated) resolve(validation)
    else reject(deadToken())
  })
}

function cannotCheck(options: ErrorOptions = {}): Refusal {
  return unavailable('The token could not be checked.', options)
}

/** Also for what never was a token: the two look alike from outside. */
export function deadToken(): Refusal {
  return new Refusal('invalid_token', 'The token is unknown or no longer alive.')
}

/** What surrounds the tokens in the body of a call, and each of them. */
const bodyBytes = '{"tokens":[]}'.length
const tokenBytes = '"",'.length

/** How many of the first tokens fit into one call, by number and by bytes. At least one. */
export function lengthOfList(waiting: readonly { readonly token: string }[]): number {
  let bytes = bodyBytes
  let length = 0
  for (const { token } of waiting) {
    bytes += token.length + tokenBytes
    if (length === maxTokensPerCall || (length > 0 && bytes > maxValidationBytes)) break
    length++
  }
  return length
}
