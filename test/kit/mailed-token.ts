/** The tokens that mails bring. */
import assert from 'node:assert/strict'
import type { Core } from '../../src/auth/capability.ts'
import { addressDigest } from '../../src/auth/mailed-address.ts'
import { mintToken } from '../../src/tokens/token.ts'
import { recordSecret } from './used-secrets.ts'

/** As the sender of mails makes it: under the mark of the moment, for the address that it would go to now. */
export async function mailedToken(
  { mailTemplates, tokens }: Pick<Core, 'mailTemplates' | 'tokens'>,
  template: string,
  sub: string,
): Promise<string> {
  const found = mailTemplates().find(({ name }) => name === template)
  const purpose = found?.purpose
  assert.ok(purpose !== undefined)
  const address = (await found?.addressOf(sub)) ?? 'nobody@example.com'
  const mark = (await tokens.marks(sub, [purpose])).get(purpose.name)
  const context = addressDigest(address)
  const { token, filed } = mintToken({ purpose, sub, name: '', scope: '', context, mark })
  assert.ok((await tokens.issue(filed)) !== undefined)
  return recordSecret(token)
}
