import { hash } from 'node:crypto'

/**
 * What a token that goes by mail carries of where it goes, as its `context`. Whoever takes it holds it against the address
 * that it is to prove: by then that may be another one.
 */
export function addressDigest(address: string): string {
  return hash('sha256', address, 'base64url')
}
