/** Accounts: people register, verify their address, see and change what is theirs, and leave. */
import { capability } from '../capability.ts'
import { minPasswordLengths } from '../password-length.ts'
import { accountRoutes } from './account-routes.ts'
import { accountVariables } from './account-variables.ts'
import { administerAccounts } from './administer-accounts.ts'
import { allowByRoles } from './allow-by-roles.ts'
import { createCaller } from './caller.ts'
import { createAccountChanges } from './change-accounts.ts'
import { lazyCommonestPasswords } from './commonest-passwords.ts'
import { createEndSessions, startPendingRevocations } from './end-sessions.ts'
import { createAskingLimits, createLimit } from './limits.ts'
import { mailTemplates } from './mail-templates.ts'
import { createMailedTokens } from './mailed-tokens.ts'
import { openAccounts } from './open-accounts.ts'
import { openCounts } from './open-counts.ts'
import { createPasswordPolicy } from './password-policy.ts'
import { createPost } from './post.ts'
import { accountPurposes } from './purposes.ts'
import { startClaimSweep } from './sweep-claims.ts'
import { createTellOfNewPlaces } from './tell-of-new-places.ts'

/** Of those shown for one account to change what is behind it. */
const wrongPasswordLimit = { kind: 'wrong-password', limit: 20, windowSeconds: 900 }
const renameLimit = { kind: 'rename', limit: 20, windowSeconds: 3_600 }
/** These have an account: as many counters as have users who are logged in. */
const byUser = { countsWhenFull: true }

export const accounts = capability({
  name: 'accounts',
  variables: accountVariables,
  migrations: new URL('migrations/', import.meta.url),

  async register(core, { REGISTRATION, MIN_PASSWORD_LENGTH }) {
    const { environment, tokens, users, passwords, clock, log, outbox, report } = core
    const isDemo = environment === 'demo'
    const readCommonest = lazyCommonestPasswords()
    if (!isDemo) await readCommonest() // where it is not installed, nothing starts
    const minLength = MIN_PASSWORD_LENGTH ?? minPasswordLengths[environment]
    const policy = createPasswordPolicy({ minLength, readCommonest })

    const { accounts, claims, revocations, mails: mailStore } = await openAccounts(core)
    const endSessions = createEndSessions({
      revocations,
      tokens,
      purposes: core.userPurposes,
      log,
    })
    const changes = createAccountChanges({ accounts, endSessions, outbox, clock })
    const counts = await openCounts(core)
    const caller = createCaller({
      session: { tokens, purpose: core.purposes.session, kinds: core.kinds },
      accounts,
      passwords,
      wrongPasswords: createLimit({ counts, ...byUser, ...wrongPasswordLimit }),
      report,
    })
    const post = createPost(outbox)
    const newPlaces = createTellOfNewPlaces({ mailStore, post, log })
    core.release(newPlaces.settle)
    const registration = REGISTRATION ?? (isDemo ? 'open' : 'verified')
    const routes = accountRoutes(registration, {
      ...{ users, accounts, claims, mailStore, changes, passwords, policy, caller, clock, report },
      mailed: createMailedTokens(tokens),
      post,
      renames: createLimit({ counts, ...byUser, ...renameLimit }),
      createLimits: (thing) => createAskingLimits({ counts, thing }),
    })
    return {
      routes,
      login: { checked: allowByRoles({ accounts, roles: core.roles }) },
      listener: newPlaces.hear,
      userPurposes: Object.values(accountPurposes),
      mailTemplates: mailTemplates({ users, claims, purposes: accountPurposes }),
      accounts: administerAccounts({
        ...core,
        accounts,
        changes,
        policy,
        purposes: core.userPurposes,
      }),
      jobs: [
        () => startPendingRevocations({ revocations, endSessions, clock, log }),
        () => startClaimSweep({ claims, clock, log }),
      ],
    }
  },
})
