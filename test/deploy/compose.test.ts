import assert from 'node:assert/strict'
import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { describe, it } from 'node:test'
import { capabilities } from '../../src/auth/capabilities.ts'
import { extensionsOf } from '../../src/auth/capability.ts'
import type { VariableTable } from '../../src/variable-kinds.ts'
import { variables as ofTheCore } from '../../src/variables.ts'
import { skipUnless } from '../kit/installed.ts'
import { environmentOf, listOf, namesUnder, serviceOf } from './compose.ts'
import { makeSecrets } from './secrets.ts'

const ofCapabilities = extensionsOf(capabilities).map((one) => one.variables)
const variables: VariableTable = Object.assign({}, ofTheCore, ...ofCapabilities)
const services = namesUnder('services')
const ours = ['auth-1', 'auth-2', 'business-1', 'business-2', 'migrate']
const text = readFileSync('compose.yaml', 'utf8')

describe('compose.yaml', () => {
  it('has nginx, two of each server, the stores and the migration', () => {
    assert.deepEqual(services.toSorted(), [...ours, 'nginx', 'postgres', 'redis'].sort())
  })

  it('mounts files that are there, and runs those that it runs', () => {
    const mounted = services.flatMap((name) =>
      [...(serviceOf(name).get('volumes') ?? '').matchAll(/- \.\/([^:]+):/g)].map(
        ([, path = '']) => path,
      ),
    )

    assert.equal(mounted.length, 3)
    for (const path of mounted) assert.ok(existsSync(path), path)
    for (const path of ['deploy/postgres/roles.sh', 'deploy/redis/start']) {
      accessSync(path, constants.X_OK)
    }
  })

  it('sets variables that the servers know, and no others', () => {
    const isKnown = (name: string) => {
      const secret = /^(.*)_FILE$/.exec(name)?.[1] ?? ''
      return name in variables || isSecret(secret)
    }

    for (const service of ours) {
      const names = Object.keys(environmentOf(service))

      assert.ok(names.length > 1, service)
      assert.deepEqual(
        names.filter((name) => !isKnown(name)),
        [],
        service,
      )
    }
  })

  it('sets the variables of the nginx template, and no others', () => {
    const template = readFileSync('deploy/nginx/default.conf.template', 'utf8')
    const used = new Set([...template.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name))

    const { NGINX_ENVSUBST_FILTER = '', ...set } = environmentOf('nginx')

    assert.deepEqual(Object.keys(set).sort(), [...used].sort())
    for (const name of used) assert.match(String(name), new RegExp(NGINX_ENVSUBST_FILTER))
  })

  it('gives each service the secrets that its variables name, and no others', () => {
    for (const service of services) {
      const named = Object.values(environmentOf(service)).flatMap(
        (value) => /^\/run\/secrets\/(.+)$/.exec(value)?.[1] ?? [],
      )

      assert.deepEqual(listOf(service, 'secrets').sort(), named.sort(), service)
    }
    const declared = namesUnder('secrets')
    const given = new Set(services.flatMap((service) => listOf(service, 'secrets')))
    assert.deepEqual(declared.toSorted(), [...given].sort())
  })

  it('lets nobody out, or at what they do not need', () => {
    const networks = Object.fromEntries(services.map((name) => [name, listOf(name, 'networks')]))

    assert.deepEqual(networks, {
      nginx: ['world', 'servers'],
      'auth-1': ['servers', 'stores'],
      'auth-2': ['servers', 'stores'],
      'business-1': ['servers', 'stores'],
      'business-2': ['servers', 'stores'],
      migrate: ['stores'],
      redis: ['stores'],
      postgres: ['stores'],
    })
    assert.deepEqual(
      services.filter((name) => serviceOf(name).has('ports')),
      ['nginx'],
    )
    for (const network of ['servers', 'stores']) {
      assert.match(text, new RegExp(`^ {2}${network}:\n {4}internal: true$`, 'm'))
    }
  })

  it('takes every right from every container', () => {
    for (const name of services) {
      const service = serviceOf(name)

      assert.match(service.get('read_only') ?? '', /: true$/, name)
      assert.match(service.get('cap_drop') ?? '', /: \[ALL\]$/, name)
      assert.match(service.get('security_opt') ?? '', /no-new-privileges:true/, name)
      assert.doesNotMatch([...service.keys()].join(), /privileged|cap_add|network_mode|pid/)
    }
    for (const name of ['nginx', 'redis', 'postgres']) {
      assert.equal(serviceOf(name).get('user')?.trim(), `user: ${name}`)
    }
    assert.match(readFileSync('Dockerfile', 'utf8'), /^USER node$/m)
  })

  it('starts a server when its schema is there and its store answers, and nginx last', () => {
    const awaited = (name: string) =>
      [...(serviceOf(name).get('depends_on') ?? '').matchAll(/^ {6}([\w-]+): .*: (\w+) \}$/gm)].map(
        ([, service, condition]) => `${service} ${condition}`,
      )

    assert.deepEqual(awaited('migrate'), ['postgres service_healthy'])
    assert.deepEqual(awaited('auth-1'), [
      'migrate service_completed_successfully',
      'redis service_healthy',
    ])
    assert.deepEqual(awaited('business-1'), [
      'migrate service_completed_successfully',
      'auth-1 service_healthy',
      'auth-2 service_healthy',
    ])
    assert.deepEqual(
      awaited('nginx'),
      ours.slice(0, 4).map((name) => `${name} service_healthy`),
    )
  })

  it('waits for a server to end longer than the server takes', () => {
    for (const name of ['auth-1', 'business-1']) {
      const { SHUTDOWN_DELAY_SECONDS, SHUTDOWN_GRACE_SECONDS } = environmentOf(name)
      const [, grace] = /(\d+)s$/.exec(serviceOf(name).get('stop_grace_period') ?? '') ?? []

      assert.ok(Number(grace) > Number(SHUTDOWN_DELAY_SECONDS) + Number(SHUTDOWN_GRACE_SECONDS) + 1)
    }
  })

  it('finds auth at its own addresses, by https', () => {
    const { AUTH_URL } = environmentOf('business-1')

    assert.equal(AUTH_URL, 'https://auth-1:4000,https://auth-2:4000')
  })

  const withOpenssl = { skip: skipUnless('openssl') }
  it('names the files of the secrets that are made, all but one', withOpenssl, (t) => {
    const folder = makeSecrets(t)
    const files = [...text.matchAll(/\{ file: deploy\/secrets\/(\S+) \}/g)].map(([, file]) => file)

    const made = readdirSync(folder).filter((file) => file !== 'authority_key.pem')

    assert.deepEqual(files, made.sort())
    for (const file of made) assert.equal(statSync(`${folder}/${file}`).mode & 0o777, 0o644, file)
  })

  it('mounts nothing that git would take or an image hold', () => {
    assert.match(readFileSync('.gitignore', 'utf8'), /^deploy\/secrets\/$/m)
    const ignored = readFileSync('.dockerignore', 'utf8')
    assert.match(ignored, /^\*$/m)
    assert.deepEqual(ignored.match(/^!deploy\/.*$/gm), ['!deploy/healthcheck.mjs'])
  })
})

function isSecret(name: string): boolean {
  return Object.entries(variables).some(([known, one]) => known === name && 'isSecret' in one)
}
