/** Access for clients that want standard JWTs: signed, short-lived, checked by whoever has the public keys. */
import { route } from '../../http/router.ts'
import { capability } from '../capability.ts'
import { checkVariables, variables } from './jwt-variables.ts'
import { openAccess } from './open-access.ts'
import { showKeySet } from './show-key-set.ts'

export const jwt = capability({
  name: 'jwt',
  variables,
  check: checkVariables,
  migrations: new URL('migrations/', import.meta.url),
  async register(core, values) {
    const { ring } = await openAccess(core, values)
    return { routes: [route('/.well-known/jwks.json', { GET: showKeySet({ keys: ring }) })] }
  },
})
