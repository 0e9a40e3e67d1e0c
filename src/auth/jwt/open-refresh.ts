/** Refreshing, put together: where the families are, and the calls that begin, renew, look at and end them. */
import { route } from '../../http/router.ts'
import type { FixedPurpose } from '../../storage/ports.ts'
import type { Addition, Core } from '../capability.ts'
import type { KillFamily, PeekFamilies } from './access-kind.ts'
import type { AccessTokens } from './access-tokens.ts'
import { familySessions } from './family-sessions.ts'
import { introspect } from './introspect.ts'
import { logInJwt } from './log-in-jwt.ts'
import { openFamilies } from './open-families.ts'
import { refresh } from './refresh.ts'
import { placeOfSession, refreshLetter } from './refresh-token.ts'
import { longestLifetimeSeconds, type RefreshValues } from './refresh-variables.ts'
import { revoke } from './revoke.ts'

export interface OpenedRefresh {
  readonly addition: Required<
    Pick<Addition, 'routes' | 'userPurposes' | 'sessionKinds' | 'census' | 'jobs'>
  >
  readonly peekFamilies: PeekFamilies
  readonly killFamily: KillFamily
}

export async function openRefresh(
  core: Core,
  values: RefreshValues,
  accessTokens: AccessTokens,
): Promise<OpenedRefresh> {
  const purpose: FixedPurpose = {
    name: 'refresh',
    letter: refreshLetter,
    flavour: 'fixed',
    ttlSeconds: longestLifetimeSeconds,
    hasReservedRoom: false,
  }
  const { families, jobs } = await openFamilies(core, purpose, values.REFRESH_LIFETIME_SECONDS)
  const { purposes } = core
  const common = { ...core, ...purposes, families, accessTokens }
  const endable = () => [purposes.service, ...core.userPurposes()]
  return {
    addition: {
      routes: [
        route('/login/jwt', { POST: logInJwt({ ...common, purpose }) }),
        route('/refresh', {
          POST: refresh({ ...common, retrySeconds: values.REFRESH_RETRY_SECONDS }),
        }),
        route('/introspect', { POST: introspect({ ...common, refreshPurpose: purpose }) }),
        route('/revoke', {
          POST: revoke({ ...common, purposes: endable, refreshPurpose: purpose }),
        }),
      ],
      userPurposes: [purpose],
      sessionKinds: [familySessions({ families, purpose })],
      census: () => families.census(),
      jobs,
    },
    killFamily: async (family) => await families.kill(placeOfSession(family)),
    peekFamilies: async (asked) => {
      const found = await families.peek(asked.map(placeOfSession))
      return found.map((family) => family !== undefined)
    },
  }
}
