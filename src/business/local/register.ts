/** `VALIDATION=local`: JWTs are checked by auth's public keys, without asking auth about each. */
import { StartError } from '../../start-error.ts'
import { businessCapability } from '../capability.ts'
import { createAccessTokenCheck } from './access-tokens.ts'
import { createKeySet, type Jose } from './key-set.ts'
import { createLocalValidator } from './local-validator.ts'
import { checkLocalVariables, localVariables } from './variables.ts'

/** A few megabytes. */
const maxRemembered = 10_000

export const local = businessCapability({
  name: 'local',
  variables: localVariables,
  check: checkLocalVariables,
  async register({ connect, clock, log }, { VALIDATION, ISSUER, AUDIENCE }) {
    if (VALIDATION === 'ask') return {}
    const jose = await importJose()
    const keySet = createKeySet({ connection: connect(), jose, clock, log })
    const expected = { issuer: ISSUER, audiences: AUDIENCE }
    const check = createAccessTokenCheck({ keySet, jose, clock, ...expected })
    return {
      validateBy: (ask) => createLocalValidator({ ask, check, keySet, clock, maxRemembered }),
    }
  },
})

async function importJose(): Promise<Jose> {
  try {
    return await import('jose')
  } catch (cause) {
    throw new StartError(
      'VALIDATION=local needs a package that is not installed. Run: npm install jose',
      {
        cause,
      },
    )
  }
}
