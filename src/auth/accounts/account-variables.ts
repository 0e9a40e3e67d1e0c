import { choice, type Declaration, integer, readBy } from '../../variable-kinds.ts'

const auth = readBy('auth')

/** Their defaults depend on the environment. */
const { default: _length, ...length } = integer(8, 8, 64)
const { default: _mode, ...mode } = choice('open', ['open', 'verified', 'closed'])

export const accountVariables = {
  REGISTRATION: auth(mode as Declaration<RegistrationMode>),
  MIN_PASSWORD_LENGTH: auth(length as Declaration<number>),
}

export type RegistrationMode = 'open' | 'verified' | 'closed'
