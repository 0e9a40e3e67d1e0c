/** What a client may be called, and what it may be allowed. */
import { clientId } from '../../variable-kinds.ts'

/** That of the configured client. */
const idForm = clientId('')
const mostScopes = 20
/** RFC 6749 §3.3. */
const scopeForm = /^[\x21\x23-\x5b\x5d-\x7e]{1,64}$/

export interface ClientFields {
  readonly id: string
  /** What people see. */
  readonly name: string
  /** What its tokens may be allowed. */
  readonly scopes: readonly string[]
}

export function isClientId(text: string): boolean {
  return idForm.parse(text) !== undefined
}

/** All that is wrong, a sentence each. Repeats nothing. */
export function problemsOf({ id, name, scopes }: ClientFields): readonly string[] {
  const problems: string[] = []
  if (!isClientId(id)) problems.push(`The id must be ${idForm.expected}.`)
  if (!isName(name)) {
    problems.push('The name must have 1 to 200 characters, and none that control a terminal.')
  }
  const areFew = scopes.length >= 1 && scopes.length <= mostScopes
  if (!areFew || !scopes.every((one) => scopeForm.test(one))) {
    problems.push(
      `There must be 1 to ${mostScopes} scopes, each of 1 to 64 printable ASCII characters but spaces, quotes and backslashes.`,
    )
  }
  if (new Set(scopes).size !== scopes.length) problems.push('No scope may stand twice.')
  return problems
}

function isName(name: string): boolean {
  const length = Array.from(name).length
  return name.trim() !== '' && length <= 200 && name.isWellFormed() && !/\p{Cc}/u.test(name)
}
