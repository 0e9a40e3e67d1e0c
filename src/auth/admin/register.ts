/** Administrators: a role, what it may do, and the script that makes the first one. And the role that they give to others. */
import { route } from '../../http/router.ts'
import { password, readBy } from '../../variable-kinds.ts'
import { capability } from '../capability.ts'
import { administratorScope } from '../check-administrator.ts'
import { changeUser, endSessions } from './change-user.ts'
import { showTokens } from './show-tokens.ts'
import { showUser, showUsers } from './show-users.ts'

/** The program that makes an administrator. */
export const createAdministratorProgram = 'createAdministrator'

export const administratorRole = 'administrator'

/** They may change and delete what others have written at business. Its word for that. */
const moderation = { moderator: ['posts:moderate'] }

export const adminVariables = {
  ADMINISTRATOR_PASSWORD: readBy(createAdministratorProgram)(password()),
}

export const admin = capability({
  name: 'admin',
  variables: adminVariables,
  check({ core, programs }, problems) {
    const isMemory = core.ACCOUNT_STORE?.kind === 'memory'
    if (programs.includes(createAdministratorProgram) && isMemory) {
      const sentence =
        'ACCOUNT_STORE must not be memory: here, where the administrator would be gone at once.'
      problems.add(sentence, 'ACCOUNT_STORE')
    }
  },
  register(core) {
    const dependencies = { ...core, purpose: core.purposes.session }
    return {
      roles: { [administratorRole]: [administratorScope], ...moderation },
      routes: [
        route('/admin/users', { GET: showUsers(dependencies) }),
        route('/admin/users/:id', { GET: showUser(dependencies), PATCH: changeUser(dependencies) }),
        route('/admin/users/:id/sessions', { DELETE: endSessions(dependencies) }),
        route('/admin/tokens', { GET: showTokens(dependencies) }),
      ],
    }
  },
})
