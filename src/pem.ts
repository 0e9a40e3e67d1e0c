/**
 * Certificates and keys as files bring them. They are read here, before anything listens: TLS would take an empty list of
 * authorities for none given, and trust the whole world.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto'

const certificatePattern = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/** Whether the text holds certificates, at least one, all of which can be read. */
export function hasCertificates(pem: string): boolean {
  const certificates = pem.match(certificatePattern) ?? []
  return certificates.length > 0 && certificates.every(isCertificate)
}

/** Whether `key` is the private key of the first certificate in `cert`. */
export function isPair({ cert, key }: { readonly cert: string; readonly key: string }): boolean {
  try {
    return hasCertificates(cert) && new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))
  } catch {
    return false
  }
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0
  } catch {
    return false
  }
}
