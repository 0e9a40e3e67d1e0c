/**
 * Private keys as a store keeps them: AES-256-GCM under a key that HKDF-SHA-256 derives from the secret of this
 * deployment. The kid is authenticated with it, so none can be put in the place of another.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

export interface KeySealing {
  /** Different each time. */
  seal(kid: string, text: string): string
  /** `undefined` for what was sealed under another secret or another kid, or was changed since. */
  open(kid: string, sealed: string): string | undefined
}

const cipher = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16

export function createKeySealing(secret: string | Uint8Array): KeySealing {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'sallyport signing keys', 32))
  const options = { authTagLength: tagBytes }

  return {
    seal(kid, text) {
      const nonce = randomBytes(nonceBytes)
      const sealing = createCipheriv(cipher, key, nonce, options).setAAD(Buffer.from(kid))
      const content = Buffer.concat([sealing.update(text, 'utf8'), sealing.final()])
      return Buffer.concat([nonce, content, sealing.getAuthTag()]).toString('base64url')
    },
    open(kid, sealed) {
      const bytes = Buffer.from(sealed, 'base64url')
      if (bytes.length < nonceBytes + tagBytes) return undefined
      const nonce = bytes.subarray(0, nonceBytes)
      const opening = createDecipheriv(cipher, key, nonce, options)
        .setAAD(Buffer.from(kid))
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
