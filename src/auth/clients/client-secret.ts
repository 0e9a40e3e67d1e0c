import { randomBytes } from 'node:crypto'
import { sha256 } from '../clients.ts'

declare const secret: unique symbol
/** Shown to whoever asked for it, once; never logged, never stored. */
export type ClientSecret = string & { readonly [secret]: true }

/** A fresh secret of 256 random bits, and as what it is filed. */
export function mintSecret(): { secret: ClientSecret; secretHash: Buffer } {
  const secret = randomBytes(32).toString('base64url') as ClientSecret
  return { secret, secretHash: sha256(secret) }
}
