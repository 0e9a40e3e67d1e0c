/**
 * The certificate that a client showed when its TLS connection began. Its validity is asked again at each call: a
 * connection outlives its handshake, and so does a session that is resumed again and again, which brings the verdict of
 * its first handshake along.
 */
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'

/**
 * Whether an authority of ours vouches for the client's certificate, it is good at this instant, and one of its DNS names
 * is exactly this one. Its subject is no name (RFC 9525), and a wildcard is not what it stands for.
 */
export function isCertifiedAs(name: string, socket: Socket, at: number): boolean {
  // A resumed session without a certificate counts as authorized, so there must also be one.
  if (!(socket instanceof TLSSocket) || !socket.authorized) return false
  const certificate = socket.getPeerX509Certificate()
  if (certificate === undefined) return false
  const { validFrom, validTo } = certificate
  const isInTime = Date.parse(validFrom) <= at && at <= Date.parse(validTo)
  // The answer is the name as the certificate has it: by itself the check takes `.a` for all that ends so.
  return isInTime && certificate.checkHost(name, { subject: 'never', wildcards: false }) === name
}
