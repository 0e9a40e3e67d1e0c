/**
 * The address that an account has while it is to get another one. Who asks for that may be a thief: so what is told about
 * it goes to the first address for a day, whatever the account says by the time that the mail is sent.
 */
import type { ClaimStore } from './account-store.ts'

const lifeSeconds = 86_400

/** Keeps the address, unless an earlier one is kept. */
export async function keepFormerAddress(
  claims: ClaimStore,
  { id, username }: { readonly id: string; readonly username: string },
): Promise<void> {
  if ((await formerAddress(claims, id)) !== undefined) return
  await claims.hold({ sub: subOf(id), username }, lifeSeconds, [])
}

export async function formerAddress(claims: ClaimStore, id: string): Promise<string | undefined> {
  return (await claims.find(subOf(id)))?.username
}

/** No account has such an id. */
function subOf(id: string): string {
  return `former:${id}`
}
