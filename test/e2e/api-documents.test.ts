import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Validator } from '@seriousme/openapi-schema-validator'
import { capabilities } from '../../src/auth/capabilities.ts'
import { authRoutes } from '../../src/auth/routes.ts'
import { capabilities as businessCapabilities } from '../../src/business/capabilities.ts'
import { businessRoutes } from '../../src/business/routes.ts'
import type { Route } from '../../src/http/router.ts'
import { readVersion } from '../../src/version.ts'
import { startTestAuth, startTestBusiness } from '../kit/servers.ts'
import { share, shareBoth } from '../kit/shared-servers.ts'

interface Document {
  readonly info: { readonly title: string; readonly version: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

async function documentAt(url: string): Promise<Document> {
  return (await (await fetch(`${url}/openapi.json`)).json()) as Document // the test says whether it is one
}

describe('the API documents', { timeout: 60_000 }, () => {
  const running = shareBoth()
  const inProcess = share(async (t) => {
    const auth = await startTestAuth(t, { capabilities })
    const business = await startTestBusiness(t, {
      authUrl: auth.url,
      capabilities: businessCapabilities,
    })
    return { auth, business }
  })

  it('are valid OpenAPI 3.1, in the version of this program', async () => {
    const { auth, business } = running()
    for (const { url } of [auth, business]) {
      const document = await documentAt(url)

      const validator = new Validator()
      const { valid, errors } = await validator.validate({ ...document })

      assert.deepEqual({ valid, errors }, { valid: true, errors: undefined })
      assert.equal(validator.version, '3.1')
      assert.equal(document.info.version, readVersion())
    }
  })

  it('describe each route, and nothing else', async () => {
    const { auth, business } = inProcess()
    const routes = {
      auth: authRoutes({ ...auth.core, ...auth, version: '' }),
      business: businessRoutes({ ...business, validate: never, version: '' }),
    }

    const described = {
      auth: callsIn(await documentAt(auth.url)),
      business: callsIn(await documentAt(business.url)),
    }

    assert.deepEqual(described, { auth: callsOf(routes.auth), business: callsOf(routes.business) })
    assert.ok(described.auth.includes('GET /sessions'))
    assert.ok(described.business.includes('GET /openapi.json'))
  })

  it('may be kept by caches for a minute', async () => {
    const response = await fetch(`${running().auth.url}/openapi.json`)

    assert.equal(response.headers.get('cache-control'), 'public, max-age=60')
    assert.equal(response.headers.get('content-type'), 'application/json')
    assert.match(response.headers.get('etag') ?? '', /^"/)
  })
})

function callsIn({ paths }: Document): string[] {
  return Object.entries(paths)
    .flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    .sort()
}

function callsOf(routes: readonly Route[]): string[] {
  return routes
    .flatMap(({ path, endpoints }) =>
      Object.keys(endpoints).map((method) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`),
    )
    .sort()
}

function never(): never {
  throw new TypeError('nobody calls it')
}
