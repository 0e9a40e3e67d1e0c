import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { parseStoreUrl } from '../../src/store-url.ts'
import { skipUnless } from '../kit/installed.ts'
import { share } from '../kit/shared-servers.ts'
import { makeSecrets } from './secrets.ts'

describe('makeSecrets', { skip: skipUnless('openssl') }, () => {
  const folder = share(async (t) => makeSecrets(t))
  const read = (name: string) => readFileSync(join(folder(), name), 'utf8')
  const certificate = (name: string) => new X509Certificate(read(`${name}_cert.pem`))

  it('makes passwords of 32 random bytes, each another one', () => {
    const names = readdirSync(folder()).filter((name) => /_(password|secret)$/.test(name))

    const secrets = names.map(read)

    assert.equal(new Set(secrets).size, 9)
    for (const secret of secrets) assert.match(secret, /^[\w-]{43}$/)
  })

  it('makes URLs of stores that can be read, with the passwords in them', () => {
    const tokens = parseStoreUrl(read('token_store_url'))
    const [accounts, migrate] = ['account_store_url', 'migrate_database_url'].map(
      (name) => new URL(read(name)),
    )

    assert.deepEqual(tokens, {
      kind: 'redis',
      topology: 'single',
      isSecure: false,
      hosts: [{ host: 'redis', port: 6379 }],
      username: 'sallyport_auth',
      password: read('redis_auth_password'),
      database: 0,
      masterName: '',
    })
    const auth = `postgres://sallyport_auth:${read('postgres_auth_password')}`
    const owner = `postgres://sallyport_owner:${read('postgres_owner_password')}`
    assert.equal(accounts?.href, `${auth}@postgres:5432/sallyport`)
    assert.equal(migrate?.href, `${owner}@postgres:5432/sallyport`)
  })

  it('makes certificates of one authority, each good for one use', () => {
    const verify = (name: string, purpose: string) =>
      spawnSync('openssl', [
        ...['verify', '-purpose', purpose, '-CAfile', join(folder(), 'authority_cert.pem')],
        join(folder(), `${name}_cert.pem`),
      ]).status === 0

    const uses = ['auth', 'business', 'business_client', 'public'].map((name) => [
      name,
      verify(name, 'sslserver'),
      verify(name, 'sslclient'),
    ])

    assert.deepEqual(uses, [
      ['auth', true, false],
      ['business', true, false],
      ['business_client', false, true],
      ['public', false, false],
    ])
  })

  it('makes one authority, and no other certificate that could sign a further one', () => {
    const names = ['authority', 'auth', 'business', 'business_client', 'public']

    const powers = names.map((name) => {
      const file = join(folder(), `${name}_cert.pem`)
      const text = execFileSync('openssl', ['x509', '-in', file, '-noout', '-text']).toString()
      const [, constraint] = /Basic Constraints: critical\n *(.*)\n/.exec(text) ?? []
      const [, usage] = /[^ ] Key Usage: critical\n *(.*)\n/.exec(text) ?? []
      return [name, constraint, usage]
    })

    assert.deepEqual(powers, [
      ['authority', 'CA:TRUE, pathlen:0', 'Certificate Sign, CRL Sign'],
      ...names.slice(1).map((name) => [name, 'CA:FALSE', 'Digital Signature']),
    ])
  })

  it('makes certificates for the names that are asked for', () => {
    const names = ['auth', 'business', 'business_client', 'public'].map(
      (name) => certificate(name).subjectAltName,
    )

    assert.deepEqual(names, [
      'DNS:auth, DNS:auth-1, DNS:auth-2, DNS:localhost, IP Address:127.0.0.1',
      'DNS:business, DNS:business-1, DNS:business-2, DNS:localhost, IP Address:127.0.0.1',
      'DNS:business',
      'DNS:localhost, IP Address:127.0.0.1',
    ])
  })

  it('makes keys that fit', () => {
    for (const name of ['authority', 'auth', 'business', 'business_client', 'public']) {
      const file = join(folder(), `${name}_key.pem`)
      const publicKey = execFileSync('openssl', ['pkey', '-in', file, '-pubout'])

      const ofCertificate = certificate(name).publicKey.export({ type: 'spki', format: 'pem' })

      assert.equal(publicKey.toString(), ofCertificate, name)
    }
  })

  it('lets nobody else into the folder, and keeps the key of the authority from the containers', () => {
    const modeOf = (path: string) => statSync(path).mode & 0o777

    assert.equal(modeOf(folder()), 0o700)
    assert.equal(modeOf(join(folder(), 'authority_key.pem')), 0o600)
  })

  it('leaves what is there as it is', () => {
    const before = readdirSync(folder()).map((name) => read(name))

    const { status, stderr } = spawnSync('scripts/makeSecrets', [folder()], { encoding: 'utf8' })

    assert.equal(status, 1)
    assert.match(stderr, /is already there, and nothing was made\./)
    assert.deepEqual(readdirSync(folder()).map(read), before)
    assert.deepEqual(readdirSync(join(folder(), '..')), ['secrets'])
  })
})
