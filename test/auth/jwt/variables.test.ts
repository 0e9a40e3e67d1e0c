import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { extensionsOf } from '../../../src/auth/capability.ts'
import { variables } from '../../../src/auth/jwt/jwt-variables.ts'
import { jwt } from '../../../src/auth/jwt/register.ts'
import { type Environment, readConfig } from '../../../src/config.ts'
import { goodSecret, problemsOf, writeTestFile } from '../../kit/config-problems.ts'

const extensions = extensionsOf([jwt])
const ours = Object.keys(variables)

/** Those that name one of our variables. */
function problems(environment: Environment, programs: readonly string[] = ['auth']) {
  const all = problemsOf(environment, programs, extensions)
  return all.filter((sentence) => ours.some((name) => sentence.startsWith(name)))
}

function read(environment: Environment) {
  const { extensions: read } = readConfig(environment, ['auth'], extensions)
  const all = Object.entries(read.get(jwt.extension.variables) ?? {})
  return Object.fromEntries(all.filter(([name]) => ours.includes(name)))
}

describe('the variables of access tokens', () => {
  it('need not be set in the demo', () => {
    assert.deepEqual(read({}), {
      ISSUER: 'http://127.0.0.1:4000',
      AUDIENCE: ['business'],
      JWT_ALG: 'EdDSA',
      KEY_ENCRYPTION_SECRET: undefined,
      REFRESH_RETRY_SECONDS: 10,
      REFRESH_LIFETIME_SECONDS: 2_592_000,
    })
  })

  it('stay as they are written', (t) => {
    const KEY_ENCRYPTION_SECRET_FILE = writeTestFile(t, `${goodSecret}\n`)
    const ISSUER = 'https://auth.example/tenant/'
    const AUDIENCE = 'https://posts.example,business'

    const values = read({
      ISSUER,
      AUDIENCE,
      JWT_ALG: 'ES256',
      KEY_ENCRYPTION_SECRET_FILE,
      REFRESH_RETRY_SECONDS: '0',
      REFRESH_LIFETIME_SECONDS: '7776000',
    })

    assert.deepEqual(values, {
      ISSUER,
      AUDIENCE: ['https://posts.example', 'business'],
      JWT_ALG: 'ES256',
      KEY_ENCRYPTION_SECRET: goodSecret,
      REFRESH_RETRY_SECONDS: 0,
      REFRESH_LIFETIME_SECONDS: 7_776_000,
    })
  })

  const wrong: readonly (readonly [name: string, value: string])[] = [
    ['ISSUER', 'auth.example'],
    ['ISSUER', 'ftp://auth.example'],
    ['ISSUER', 'https://'],
    ['ISSUER', 'https://auth.example?a'],
    ['ISSUER', 'https://auth.example#a'],
    ['ISSUER', 'https://user@auth.example'],
    ['ISSUER', ' https://auth.example'],
    ['REFRESH_RETRY_SECONDS', '61'],
    ['REFRESH_LIFETIME_SECONDS', '59'],
    ['REFRESH_LIFETIME_SECONDS', '7776001'],
    ['AUDIENCE', 'a,,b'],
    ['AUDIENCE', 'a,a'],
    ['AUDIENCE', 'a, b'],
    ['AUDIENCE', 'a"b'],
    ['AUDIENCE', Array.from({ length: 17 }, (_, index) => index).join(',')],
    ['AUDIENCE', 'a'.repeat(129)],
    ['JWT_ALG', 'none'],
    ['JWT_ALG', 'HS256'],
    ['JWT_ALG', 'eddsa'],
    ['KEY_ENCRYPTION_SECRET', 'short'],
    ['KEY_ENCRYPTION_SECRET', ' '.repeat(40)],
  ]
  for (const [name, value] of [...wrong, ...ours.map((one) => [one, ''] as const)])
    it(`refuse ${name} set to '${value.slice(0, 40)}', which is not repeated`, () => {
      const [sentence = '', ...others] = problems({ [name]: value })

      assert.match(sentence, new RegExp(`^${name} must be `))
      assert.deepEqual(others, [])
    })

  it('must be said in production, so that no key is one of a sample and no token is for everybody', () => {
    const missing = problems({ APP_ENV: 'production' })
    const plain = problems({
      APP_ENV: 'production',
      ISSUER: 'http://auth.example',
      AUDIENCE: 'business',
      KEY_ENCRYPTION_SECRET: goodSecret,
    })

    assert.deepEqual(missing, [
      'ISSUER must be set in production: others hold tokens against it.',
      'AUDIENCE must be set in production: others hold tokens against it.',
      'KEY_ENCRYPTION_SECRET must be set in production, and not to the well-known secret of the demo: signing keys are kept under it.',
    ])
    assert.deepEqual(plain, ['ISSUER must be https in production.'])
  })

  it('are nothing to the other programs', () => {
    const environment = { APP_ENV: 'production', ISSUER: 'x', KEY_ENCRYPTION_SECRET: 'x' }

    assert.deepEqual(problems(environment, ['business']), [])
    assert.deepEqual(problems(environment, ['migrate']), [])
  })
})
