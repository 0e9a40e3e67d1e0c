/** What accounts are told by mail. Each goes to an address that is stored, never to one that was typed with the request. */
import type { SingleUsePurpose, UserStore } from '../../storage/ports.ts'
import type { MailTemplate } from '../outbox.ts'
import type { ClaimStore } from './account-store.ts'
import { formerAddress } from './former-address.ts'
import type { AccountPurposes } from './purposes.ts'

export const mails = {
  verify: 'accounts/verify',
  alreadyRegistered: 'accounts/already-registered',
  reset: 'accounts/reset',
  changeUsername: 'accounts/change-username',
  usernameAsked: 'accounts/username-asked',
  usernameChanged: 'accounts/username-changed',
  passwordChanged: 'accounts/password-changed',
  newPlace: 'accounts/new-place',
} as const

export interface MailTemplateDependencies {
  readonly users: UserStore
  readonly claims: ClaimStore
  readonly purposes: AccountPurposes
}

const ignore = 'If you know nothing of this, you need not do anything.'
const alarm =
  'If that was not you, reset your password now: somebody else knows it, or has your device.'

export function mailTemplates({
  users,
  claims,
  purposes,
}: MailTemplateDependencies): readonly MailTemplate[] {
  const ofAccount = async (sub: string) => {
    const user = await users.findById(sub)
    return user === undefined || user.isDisabled ? undefined : user.username
  }
  const ofOwner = async (sub: string) =>
    (await formerAddress(claims, sub)) ?? (await ofAccount(sub))
  const ofClaim = async (sub: string) => (await claims.find(sub))?.username

  function bringing(
    name: string,
    purpose: SingleUsePurpose,
    addressOf: MailTemplate['addressOf'],
    [subject, first]: readonly [string, string],
  ): MailTemplate {
    return {
      name,
      purpose,
      addressOf,
      write: ({ token = '' }) => ({
        subject,
        text: `${first}\n\n${token}\n\nIt is good once, for ${lifeOf(purpose)}. Give it to nobody. ${ignore}\n`,
      }),
    }
  }

  const telling = (
    name: string,
    subject: string,
    text: string,
    addressOf = ofAccount,
  ): MailTemplate => ({
    name,
    addressOf,
    write: () => ({ subject, text: `${text}\n` }),
  })

  return [
    bringing(mails.verify, purposes.verifyEmail, ofClaim, [
      'Finish your registration',
      'Finish your registration with this token:',
    ]),
    bringing(mails.reset, purposes.resetPassword, ofAccount, [
      'Reset your password',
      'Set a new password with this token:',
    ]),
    bringing(mails.changeUsername, purposes.changeUsername, ofClaim, [
      'Confirm your new address',
      'Confirm with this token that this is to be the address of your account:',
    ]),
    telling(
      mails.alreadyRegistered,
      'You have an account already',
      `Somebody has asked for an account with this address, which has one already. Log in with it, or reset your password. ${ignore}`,
    ),
    telling(
      mails.usernameAsked,
      'Your address is to change',
      `Somebody who knows your password has asked to give your account another address. ${alarm}`,
      ofOwner,
    ),
    telling(
      mails.usernameChanged,
      'Your address was changed',
      'Your account has another address now, and mails about it go there. If that was not you, tell those who run this service.',
      ofOwner,
    ),
    telling(
      mails.passwordChanged,
      'Your password was changed',
      `Your password was changed, and all your sessions have ended. ${alarm}`,
    ),
    telling(
      mails.newPlace,
      'A login from a new place',
      `After wrong passwords somebody has logged in to your account with the right one, from a place that was not known. ${alarm}`,
      ofOwner,
    ),
  ]
}

function lifeOf({ ttlSeconds }: SingleUsePurpose): string {
  return ttlSeconds < 3600 ? `${ttlSeconds / 60} minutes` : `${ttlSeconds / 3600} hours`
}
