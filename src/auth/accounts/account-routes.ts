/** The calls about accounts. */
import { type Endpoint, endpoint } from '../../http/endpoint.ts'
import { Refusal } from '../../http/refusal.ts'
import { type Route, route } from '../../http/router.ts'
import type { RegistrationMode } from './account-variables.ts'
import { type ChangePasswordDependencies, changePassword } from './change-password.ts'
import {
  type AskUsernameDependencies,
  askForUsername,
  type FinishUsernameDependencies,
  finishUsername,
} from './change-username.ts'
import type { AskingLimits } from './limits.ts'
import {
  deleteAccount,
  type OwnAccountDependencies,
  renameAccount,
  showAccount,
} from './own-account.ts'
import { type RegisterDependencies, registerOpenly } from './register-openly.ts'
import {
  type AskRegistrationDependencies,
  askForRegistration,
  type FinishRegistrationDependencies,
  finishRegistration,
} from './register-verified.ts'
import {
  type AskResetDependencies,
  askForReset,
  type FinishResetDependencies,
  finishReset,
} from './reset-password.ts'

type Dependencies = OwnAccountDependencies &
  ChangePasswordDependencies &
  Omit<AskUsernameDependencies, 'limits'> &
  FinishUsernameDependencies &
  Omit<RegisterDependencies, 'limits'> &
  Omit<AskRegistrationDependencies, 'limits'> &
  FinishRegistrationDependencies &
  Omit<AskResetDependencies, 'limits'> &
  FinishResetDependencies & {
    readonly createLimits: (thing: string) => AskingLimits
  }

export function accountRoutes(
  registration: RegistrationMode,
  dependencies: Dependencies,
): readonly Route[] {
  const { begin, finish } = registrationBy(registration, dependencies)
  return [
    route('/register', { POST: begin }),
    route('/register/finish', { POST: finish }),
    route('/me', {
      GET: showAccount(dependencies),
      PATCH: renameAccount(dependencies),
      DELETE: deleteAccount(dependencies),
    }),
    route('/me/password', { POST: changePassword(dependencies) }),
    route('/me/username', { POST: askForUsername(limited(dependencies, 'username')) }),
    route('/me/username/finish', { POST: finishUsername(dependencies) }),
    route('/password-reset', { POST: askForReset(limited(dependencies, 'reset')) }),
    route('/password-reset/finish', { POST: finishReset(dependencies) }),
  ]
}

function limited(dependencies: Dependencies, thing: string) {
  return { ...dependencies, limits: dependencies.createLimits(thing) }
}

function registrationBy(
  registration: RegistrationMode,
  dependencies: Dependencies,
): { readonly begin: Endpoint; readonly finish: Endpoint } {
  switch (registration) {
    case 'open':
      return { begin: registerOpenly(limited(dependencies, 'register')), finish: notHere }
    case 'verified':
      return {
        begin: askForRegistration(limited(dependencies, 'register')),
        finish: finishRegistration(dependencies),
      }
    case 'closed':
      return { begin: notHere, finish: notHere }
  }
}

const notHere = endpoint({
  summary: 'Closed: nobody can register',
  access: 'anybody',
  refusals: ['not_found'],
  answers: {},
}).handle(() => {
  throw new Refusal('not_found', 'There is nothing at this path.')
})
