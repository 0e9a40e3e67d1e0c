import { Refusal } from './refusal.ts'

/**
 * `application/x-www-form-urlencoded`, strictly: a bad escape, broken UTF-8 or a doubled field is a 400. The lenient
 * `URLSearchParams` would turn each of them into something that nobody sent.
 */
export function parseForm(
  text: string,
  what: 'form' | 'query' = 'form',
): Readonly<Record<string, string>> {
  const fields = new Map<string, string>()
  for (const pair of text.split('&')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = decodeFormText(equals === -1 ? pair : pair.slice(0, equals))
    const value = equals === -1 ? '' : decodeFormText(pair.slice(equals + 1))
    if (name === undefined || value === undefined)
      throw new Refusal('invalid_request', `The ${what} has a bad escape.`)
    if (fields.has(name)) throw new Refusal('invalid_request', `The ${what} has a field twice.`)
    fields.set(name, value)
  }
  return Object.fromEntries(fields)
}

/** One name or value of a form; `undefined` where an escape is bad or is not UTF-8. */
export function decodeFormText(encoded: string): string | undefined {
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}
