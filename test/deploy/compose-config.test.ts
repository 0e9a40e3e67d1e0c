import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { capabilities } from '../../src/auth/capabilities.ts'
import { extensionsOf } from '../../src/auth/capability.ts'
import { capabilities as businessCapabilities } from '../../src/business/capabilities.ts'
import { type Config, readConfig } from '../../src/config.ts'
import { skipUnless } from '../kit/installed.ts'
import { share } from '../kit/shared-servers.ts'
import { environmentOf } from './compose.ts'
import { makeSecrets } from './secrets.ts'

describe('the configuration in compose.yaml', { skip: skipUnless('openssl') }, () => {
  const folder = share(async (t) => makeSecrets(t))

  /** As the program in the container reads it. */
  function configOf(service: string, program: Parameters<typeof readConfig>[1][number]): Config {
    const environment = Object.fromEntries(
      Object.entries(environmentOf(service)).map(([name, value]) => [
        name,
        value.replace(/^\/run\/secrets/, folder()),
      ]),
    )
    const ofBusiness = businessCapabilities.map(({ extension }) => extension)
    return readConfig(environment, [program], [...extensionsOf(capabilities), ...ofBusiness])
  }

  it('is one that auth starts with in production', () => {
    const config = configOf('auth-2', 'auth')

    assert.equal(config.environment, 'production')
    assert.deepEqual(
      [config.stores.tokens.kind, config.stores.accounts.kind],
      ['redis', 'postgres'],
    )
    assert.notEqual(config.tls?.clientCa, undefined)
  })

  it('is one that business starts with in production', () => {
    const config = configOf('business-2', 'business')

    assert.equal(config.environment, 'production')
    assert.equal(config.stores.content.kind, 'postgres')
    assert.deepEqual(config.authUrls, ['https://auth-1:4000', 'https://auth-2:4000'])
    assert.notEqual(config.authCa, undefined)
    assert.notEqual(config.businessCertificate, undefined)
  })

  it('lets the owner migrate, and an operator make users in the container of auth', () => {
    const configs = [configOf('migrate', 'migrate'), configOf('auth-1', 'createUser')]

    assert.equal(configs[0]?.migration.url?.kind, 'postgres')
    assert.equal(configs[1]?.stores.accounts.kind, 'postgres')
  })

  it('gives both servers the same secret of the client', () => {
    const auth = configOf('auth-1', 'auth')
    const business = configOf('business-1', 'business')

    assert.deepEqual(auth.client, business.client)
  })
})
