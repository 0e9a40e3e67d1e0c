/** Access for clients that want standard JWTs: signed, short-lived, renewed by refresh tokens that follow one another. */
import { route } from '../../http/router.ts'
import { capability } from '../capability.ts'
import { createAccessKind } from './access-kind.ts'
import { checkVariables, variables } from './jwt-variables.ts'
import { isJoseInstalled } from './key-pairs.ts'
import { openAccess } from './open-access.ts'
import { openRefresh } from './open-refresh.ts'
import { showKeySet } from './show-key-set.ts'

/** The first line of the log must be where the server listens. */
const noticeMilliseconds = 1_000

export const jwt = capability({
  name: 'jwt',
  variables,
  check: checkVariables,
  migrations: new URL('migrations/', import.meta.url),
  async register(core, values) {
    if (core.environment === 'demo' && !(await isJoseInstalled())) {
      const notice = 'there are no JWTs here: npm install jose'
      return { jobs: [() => core.clock.after(noticeMilliseconds, () => core.log.warn(notice))] }
    }
    const { ring, accessTokens } = await openAccess(core, values)
    const { addition, ...families } = await openRefresh(core, values, accessTokens)
    const kind = createAccessKind({ accessTokens, ...families, now: () => ring.now() })
    return {
      ...addition,
      routes: [
        route('/.well-known/jwks.json', { GET: showKeySet({ keys: ring }) }),
        ...addition.routes,
      ],
      kinds: [kind],
      jobs: [ring.startReading, ...addition.jobs],
    }
  },
})
