/**
 * Where auth asks for certificates, a client is only who it says with one that names it (RFC 8705 §2.1.2, by DNS name): a
 * client secret or a service token that leaked is of no use without the private key.
 */
import type { Call } from '../http/endpoint.ts'
import { Refusal } from '../http/refusal.ts'

/** Refuses a call that came without a good certificate in the name of this client. */
export function checkCertificate(
  call: Pick<Call, 'hasCertificateFor'>,
  clientId: string,
  code: 'invalid_client' | 'invalid_token',
): void {
  if (call.hasCertificateFor(clientId)) return
  throw new Refusal(code, 'A valid client certificate in the name of this client is needed here.')
}
