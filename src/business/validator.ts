/**
 * Validations travel together. A token that arrives while no call is under way leaves with all that arrived in the same
 * turn of the event loop; what arrives while a call is under way leaves in the next one. So an idle business waits for
 * nobody, a busy one asks about hundreds in one call, and nothing is ever answered from an earlier validation.
 */
import { unavailable } from '../http/refusal.ts'
import { maxTokensPerCall, maxValidationBytes, type Validation } from '../validation.ts'
import type { AskAuth } from './ask-auth.ts'

export interface Validated {
  readonly validation: Validation
  /** The number of the call in which it was asked, for the log. */
  readonly call: number
}

/** Asks auth about a token, which must have the syntax of a bearer token. 503 where auth cannot be asked. */
export type Validate = (token: string) => Promise<Validated>

interface Waiting {
  readonly token: string
  readonly resolve: (validated: Validated) => void
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
    const call = ++calls
    askAuth(list.map(({ token }) => token)).then(
      (validations) => {
        // First the next call, then these answers: auth works while we write them.
        sendNext()
        list.forEach(({ resolve }, index) => {
          resolve({ validation: validations[index] as Validation, call }) // as many validations as tokens
        })
      },
      (cause: unknown) => {
        sendNext()
        const refusal = unavailable('The token could not be checked.', { cause })
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

  return (token) =>
    new Promise((resolve, reject) => {
      if (waiting.length >= maxWaiting) {
        reject(unavailable('Too many requests are waiting.'))
        return
      }
      waiting.push({ token, resolve, reject })
      if (isBusy) return
      isBusy = true
      setImmediate(send)
    })
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
