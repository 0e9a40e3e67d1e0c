/** Under which keys things lie in Redis. What concerns one subject shares a hash tag, so that a Cluster keeps it in one slot. */
import type { Purpose, TokenKey } from '../ports.ts'

/** `kind` is a letter of the core's, or the name of a capability; `rest` tells apart what a subject has several of. */
export function keyOfSubject(subjectTag: string, kind: string, rest: string): string {
  return `sallyport:auth:{${subjectTag}}:${kind}:${rest}`
}

/** What Lua finds such keys by, of whichever subjects. `rest` is a pattern. */
export function keyPattern(kind: string, rest: string): string {
  return `^sallyport:auth:{[^}]*}:${kind}:${rest}`
}

export function tokenKey({ subjectTag, hash }: TokenKey, { name }: Purpose): string {
  return keyOfSubject(subjectTag, 't', `${name}:${hash}`)
}

export function markKey(subjectTag: string, purposeName: string): string {
  return keyOfSubject(subjectTag, 'm', purposeName)
}

export function changeKey(subjectTag: string, purposeName: string, changeId: string): string {
  return keyOfSubject(subjectTag, 'c', `${purposeName}:${changeId}`)
}
