import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

/** A certificate for 127.0.0.1 that signs itself, valid for a day, with its key, as texts and as files. */
export function makeCertificate(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-tls-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const names = ['-subj', '/CN=sallyport', '-addext', 'subjectAltName=IP:127.0.0.1']
  const files = ['-days', '1', '-keyout', keyFile, '-out', certFile]
  execFileSync('openssl', ['req', '-x509', ...curve, ...names, ...files], { stdio: 'ignore' })
  const read = (file: string) => readFileSync(file, 'utf8')
  return { cert: read(certFile), key: read(keyFile), certFile, keyFile }
}
