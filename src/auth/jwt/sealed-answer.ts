/**
 * The answer to a refresh, as a store may keep it for a moment: sealed under a key that comes from the presented token.
 * Who has that token may have the answer; who has the store has neither.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import type { RefreshToken } from './refresh-token.ts'

const cipher = 'aes-256-gcm'
const nonceLength = 12
const tagLength = 16

/** In base64url. */
export function sealAnswer(answer: string, presented: RefreshToken): string {
  const nonce = randomBytes(nonceLength)
  const sealing = createCipheriv(cipher, keyFrom(presented), nonce)
  const sealed = [sealing.update(answer, 'utf8'), sealing.final()]
  return Buffer.concat([nonce, ...sealed, sealing.getAuthTag()]).toString('base64url')
}

/** Throws where it was sealed for another token, or is not as it was. */
export function openAnswer(sealed: string, presented: RefreshToken): string {
  const bytes = Buffer.from(sealed, 'base64url')
  const options = { authTagLength: tagLength }
  const nonce = bytes.subarray(0, nonceLength)
  const opening = createDecipheriv(cipher, keyFrom(presented), nonce, options)
  opening.setAuthTag(bytes.subarray(-tagLength))
  const answer = opening.update(bytes.subarray(nonceLength, -tagLength))
  return Buffer.concat([answer, opening.final()]).toString('utf8')
}

/** RFC 5869. The token has 256 random bits, and no other use of it gives this key. */
function keyFrom(presented: RefreshToken): Buffer {
  return Buffer.from(hkdfSync('sha256', presented, '', 'sallyport refresh answer', 32))
}
