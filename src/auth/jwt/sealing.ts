/**
 * What a store keeps sealed: AES-256-GCM under a key that HKDF-SHA-256 (RFC 5869) derives from a secret, a different one for
 * each use of it.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import type { RefreshToken } from './refresh-token.ts'

const cipher = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16
const options = { authTagLength: tagBytes }

export interface Sealing {
  /** In base64url, different each time. `about` is authenticated with it: nothing can be put in the place of another. */
  seal(about: string, text: string): string
  /** `undefined` for what was sealed under another secret or about something else, or was changed since. */
  open(about: string, sealed: string): string | undefined
}

function createSealing(secret: string | Uint8Array, use: string): Sealing {
  const key = Buffer.from(hkdfSync('sha256', secret, '', use, 32))

  return {
    seal(about, text) {
      const nonce = randomBytes(nonceBytes)
      const sealing = createCipheriv(cipher, key, nonce, options).setAAD(Buffer.from(about))
      const content = Buffer.concat([sealing.update(text, 'utf8'), sealing.final()])
      return Buffer.concat([nonce, content, sealing.getAuthTag()]).toString('base64url')
    },
    open(about, sealed) {
      const bytes = Buffer.from(sealed, 'base64url')
      if (bytes.length < nonceBytes + tagBytes) return undefined
      const nonce = bytes.subarray(0, nonceBytes)
      const opening = createDecipheriv(cipher, key, nonce, options)
        .setAAD(Buffer.from(about))
        .setAuthTag(bytes.subarray(-tagBytes))
      try {
        const content = opening.update(bytes.subarray(nonceBytes, -tagBytes))
        return Buffer.concat([content, opening.final()]).toString('utf8')
      } catch {
        return undefined
      }
    },
  }
}

/** Of private keys, by their kids, under the secret of this deployment. */
export function createKeySealing(secret: string | Uint8Array): Sealing {
  return createSealing(secret, 'sallyport signing keys')
}

/**
 * The answer to a refresh, as a store may keep it for a moment. Its key comes from the presented token, which has 256
 * random bits: who has that token may have the answer; who has the store has neither.
 */
export function sealAnswer(answer: string, presented: RefreshToken): string {
  return answerSealing(presented).seal('', answer)
}

/** Throws where it was sealed for another token, or is not as it was. */
export function openAnswer(sealed: string, presented: RefreshToken): string {
  const answer = answerSealing(presented).open('', sealed)
  if (answer === undefined) throw new TypeError('this is not an answer to that token')
  return answer
}

function answerSealing(presented: RefreshToken): Sealing {
  return createSealing(presented, 'sallyport refresh answer')
}
