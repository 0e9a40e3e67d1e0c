/** What the tokens that come by mail are for. */
import type { SingleUsePurpose } from '../../storage/ports.ts'

export interface AccountPurposes {
  readonly verifyEmail: SingleUsePurpose
  readonly resetPassword: SingleUsePurpose
  readonly changeUsername: SingleUsePurpose
}

const singleUse = { flavour: 'single_use', hasReservedRoom: false } as const

export const accountPurposes: AccountPurposes = {
  verifyEmail: { ...singleUse, name: 'verify_email', letter: 'v', ttlSeconds: 7_200 },
  resetPassword: { ...singleUse, name: 'reset_password', letter: 'p', ttlSeconds: 600 },
  changeUsername: { ...singleUse, name: 'change_username', letter: 'e', ttlSeconds: 86_400 },
}
