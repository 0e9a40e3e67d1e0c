/** How business checks tokens, and what those that it checks itself must say. */
import type { CheckedExtension } from '../../config-extension.ts'
import type { Problems } from '../../config-problems.ts'
import { choice, readBy, type WithDefault } from '../../variable-kinds.ts'

const business = readBy('business')

export const localVariables = {
  VALIDATION: business(choice('ask', ['ask', 'local'])),
  ISSUER: business(issuer('http://127.0.0.1:4000')),
  AUDIENCE: business(audiences('business')),
}

/** What is compared letter by letter, so it stays as it is written. No comma is in it. */
const plainText = /^[\x21-\x2b\x2d-\x7e]{1,512}$/

function issuer(byDefault: string): WithDefault<string> {
  return {
    default: byDefault,
    parse: (value) => (plainText.test(value) ? value : undefined),
    expected: 'the ISSUER of auth',
  }
}

function audiences(byDefault: string): WithDefault<readonly string[]> {
  return {
    default: byDefault,
    parse(value) {
      const names = value.split(',')
      return names.every((name) => plainText.test(name)) ? names : undefined
    },
    expected: 'the name of this server among those of auth, or several with commas between them',
  }
}

export function checkLocalVariables(
  { values, isSet, core, programs }: CheckedExtension<typeof localVariables>,
  problems: Problems,
): void {
  const isLocal = values.VALIDATION === 'local' && programs.includes('business')
  if (core.APP_ENV !== 'production' || !isLocal) return
  for (const name of ['ISSUER', 'AUDIENCE'] as const) {
    if (isSet(name)) continue
    problems.add(`${name} must be set in production where VALIDATION is local.`, name)
  }
}
