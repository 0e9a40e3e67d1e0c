/** An authority of the test's own, which vouches for whatever it is told to: also for what has expired. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

export interface Issue {
  /** As openssl writes it: `DNS:business`, `IP:127.0.0.1`, several with commas between them. Default: none at all. */
  readonly names?: string
  /** Its common name, which nobody may believe. Default: `nobody`. */
  readonly commonName?: string
  /** Default: yesterday and tomorrow. */
  readonly validFrom?: Date
  readonly validTo?: Date
  /** Default: both `clientAuth` and `serverAuth`. */
  readonly usage?: string
}

export interface Issued {
  readonly cert: string
  readonly key: string
  readonly certFile: string
  readonly keyFile: string
}

export interface Authority {
  readonly ca: string
  readonly caFile: string
  issue(options?: Issue): Issued
}

const dayMilliseconds = 86_400_000

export function makeAuthority(t: Pick<TestContext, 'after'>): Authority {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-authority-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const caFile = join(folder, 'ca.pem')
  const caKey = join(folder, 'ca-key.pem')
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const subject = ['-subj', '/CN=test authority', '-days', '2']
  openssl('req', '-x509', ...curve, ...subject, '-keyout', caKey, '-out', caFile)
  writeFileSync(join(folder, 'index.txt'), '')
  mkdirSync(join(folder, 'issued'))
  let issued = 0

  return {
    ca: readFileSync(caFile, 'utf8'),
    caFile,
    issue({ names, commonName = 'nobody', validFrom, validTo, usage } = {}) {
      const name = join(folder, `leaf-${++issued}`)
      const [certFile, keyFile] = [`${name}.pem`, `${name}-key.pem`]
      const request = ['-keyout', keyFile, '-out', `${name}.csr`]
      openssl('req', ...curve, '-subj', `/CN=${commonName}`, ...request)
      writeFileSync(`${name}.cnf`, configOf({ folder, names, usage }))
      const dates = [
        ...['-startdate', timeOf(validFrom ?? new Date(Date.now() - dayMilliseconds))],
        ...['-enddate', timeOf(validTo ?? new Date(Date.now() + dayMilliseconds))],
      ]
      const signer = ['-batch', '-notext', '-cert', caFile, '-keyfile', caKey]
      const files = ['-config', `${name}.cnf`, '-in', `${name}.csr`, '-out', certFile]
      openssl('ca', ...signer, ...dates, ...files)
      const read = (file: string) => readFileSync(file, 'utf8')
      return { cert: read(certFile), key: read(keyFile), certFile, keyFile }
    },
  }
}

function openssl(...args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] })
}

function configOf({
  folder,
  names,
  usage = 'clientAuth, serverAuth',
}: {
  folder: string
  names: string | undefined
  usage: string | undefined
}): string {
  const subjectAltName = names === undefined ? [] : [`subjectAltName = ${names}`]
  return [
    ...['[ca]', 'default_ca = authority'],
    ...['[authority]', `database = ${folder}/index.txt`, `new_certs_dir = ${folder}/issued`],
    ...[
      'default_md = sha256',
      'rand_serial = yes',
      'policy = anyone',
      'unique_subject = no',
      'x509_extensions = leaf',
    ],
    ...['[anyone]', 'commonName = supplied'],
    ...['[leaf]', 'basicConstraints = critical, CA:false', `extendedKeyUsage = ${usage}`],
    ...subjectAltName,
    '',
  ].join('\n')
}

/** As certificates write an instant: `20261120132241Z`. */
function timeOf(instant: Date): string {
  return `${instant.toISOString().replace(/\D/g, '').slice(0, 14)}Z`
}
