import { Refusal } from './refusal.ts'

/** All values of a header that may stand several times. `name` is in lower case. */
export function headersOf(rawHeaders: readonly string[], name: string): readonly string[] {
  return rawHeaders.filter(
    (_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name,
  )
}

/** The value of a header that may stand once; 400 where it stands twice. `name` is in lower case. */
export function singleHeader(rawHeaders: readonly string[], name: string): string | undefined {
  let found: string | undefined
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const candidate = rawHeaders[index] as string // names stand at even places
    if (
      candidate.length !== name.length ||
      (candidate !== name && candidate.toLowerCase() !== name)
    )
      continue
    if (found !== undefined)
      throw new Refusal('invalid_request', `The header '${name}' stands twice.`)
    found = rawHeaders[index + 1]
  }
  return found
}
