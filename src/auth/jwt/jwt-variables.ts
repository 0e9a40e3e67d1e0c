/** What access tokens say of where they come from and whom they are for, how their keys are kept, and how they are renewed. */
import {
  choice,
  clientSecret,
  demoClientSecret,
  readBy,
  type SoundValuesOf,
  type WithDefault,
} from '../../variable-kinds.ts'
import type { Definition } from '../capability.ts'
import { algorithms } from './key-pairs.ts'
import { refreshVariables } from './refresh-variables.ts'

const auth = readBy('auth')
const maxAudiences = 16

const accessVariables = {
  ISSUER: auth(issuer('http://127.0.0.1:4000')),
  AUDIENCE: auth(audiences('business')),
  /** Of the keys that are made from now on. */
  JWT_ALG: auth(choice('EdDSA', algorithms)),
  KEY_ENCRYPTION_SECRET: auth(clientSecret()),
}

export const variables = { ...accessVariables, ...refreshVariables }

/** Of access tokens. */
export type JwtValues = SoundValuesOf<typeof accessVariables>

type Check = NonNullable<Definition<typeof variables>['check']>

export const checkVariables: Check = ({ values, isSet, core, programs }, problems) => {
  if (core.APP_ENV !== 'production' || !programs.includes('auth')) return
  for (const name of ['ISSUER', 'AUDIENCE'] as const) {
    if (isSet(name)) continue
    problems.add(`${name} must be set in production: others hold tokens against it.`, name)
  }
  if (values.ISSUER?.startsWith('https://') === false) {
    problems.add('ISSUER must be https in production.', 'ISSUER')
  }
  const secret = values.KEY_ENCRYPTION_SECRET
  if (secret === undefined || secret === demoClientSecret) {
    const sentence =
      'KEY_ENCRYPTION_SECRET must be set in production, and not to the well-known secret of the demo: signing keys are kept under it.'
    problems.add(sentence, 'KEY_ENCRYPTION_SECRET')
  }
}

/** RFC 8414 §2. Compared letter by letter, so it stays as it is written. */
function issuer(byDefault: string): WithDefault<string> {
  return {
    default: byDefault,
    parse: (value) =>
      URL.canParse(value) && /^https?:\/\/[^?#@\s]{1,256}$/.test(value) ? value : undefined,
    expected: 'an http or https address without query, fragment or credentials',
  }
}

function audiences(byDefault: string): WithDefault<readonly string[]> {
  return {
    default: byDefault,
    parse(value) {
      const names = value.split(',')
      const isGood =
        names.length <= maxAudiences &&
        new Set(names).size === names.length &&
        names.every((name) => /^[\w.:/~-]{1,128}$/.test(name))
      return isGood ? names : undefined
    },
    expected: `1 to ${maxAudiences} different names or addresses of servers with commas between them`,
  }
}
