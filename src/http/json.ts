/**
 * JSON as RFC 8259 has it, with one thing more: a member that stands twice is refused. `JSON.parse` takes the last one,
 * other parsers the first, and two programs that read one request differently are a hole (RFC 8259 §4).
 *
 * Most bodies need no second look: where a field's name stands once in the text and nothing is escaped, it cannot stand
 * twice as a member. Only the others pay for the scan. Depth is harmless: the parser of V8 does not recurse, and the
 * scan counts.
 */

/** The parsed text, or `undefined` (which JSON cannot say) where it is not JSON. The error of the parser repeats what
 * was sent, a password perhaps, so it goes no further. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** The first of `fields` that the outermost object of `text` has twice. `text` must be valid JSON. */
export function findDoubledMember(text: string, fields: readonly string[]): string | undefined {
  if (!text.includes('\\') && !fields.some((field) => standsTwice(text, `"${field}"`)))
    return undefined
  const seen = new Set<string>()
  for (const member of outermostMembers(text)) {
    if (seen.has(member)) return member
    if (fields.includes(member)) seen.add(member)
  }
  return undefined
}

function standsTwice(text: string, part: string): boolean {
  const first = text.indexOf(part)
  return first !== -1 && text.indexOf(part, first + part.length) !== -1
}

const stringOrBracket = /"(?:[^"\\]|\\.)*"(\s*:)?|[[\]{}]/g

function* outermostMembers(text: string): Generator<string> {
  let depth = 0
  for (const [token, colon] of text.matchAll(stringOrBracket)) {
    if (token === '{' || token === '[') depth++
    else if (token === '}' || token === ']') depth--
    else if (depth === 1 && colon !== undefined)
      yield JSON.parse(token.slice(0, -colon.length)) as string
  }
}
