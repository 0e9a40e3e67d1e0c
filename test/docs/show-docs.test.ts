import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, it } from 'node:test'
import { docsRoutes } from '../../src/docs/show-docs.ts'
import { readSwaggerUi } from '../../src/docs/swagger-ui.ts'
import { readAnswer } from '../kit/auth-calls.ts'
import { serveRoutes } from '../kit/servers.ts'
import { share } from '../kit/shared-servers.ts'
import { exchange, statusesIn } from '../kit/sockets.ts'

const { resolve } = createRequire(import.meta.url)

describe('/docs', { timeout: 20_000 }, () => {
  const server = share(async (t) => serveRoutes(t, docsRoutes(await readSwaggerUi())))
  const get = (path: string) => fetch(`${server().url}${path}`)

  it('is a page that nobody may frame, and that runs and asks only what is of its server', async () => {
    const { status, headers } = await get('/docs')

    assert.equal(status, 200)
    assert.equal(headers.get('content-type'), 'text/html; charset=utf-8')
    assert.equal(headers.get('cache-control'), 'no-cache')
    assert.equal(headers.get('x-frame-options'), 'DENY')
    const policy = headers.get('content-security-policy') ?? ''
    assert.ok(policy.includes("default-src 'none'; script-src 'self'; style-src 'self';"))
    assert.ok(policy.includes("frame-ancestors 'none'"))
    assert.doesNotMatch(policy, /unsafe|\*|http/)
  })

  it('has no script and no style but in files of its own', async () => {
    const page = await (await get('/docs')).text()

    assert.doesNotMatch(page, /<style|style=|\son\w+=|<script(?! src="\/docs\/)|javascript:/)
    const files = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, path = '']) => path)
    assert.equal(files.length, 4)
    for (const path of files) assert.equal((await get(path)).status, 200)
  })

  it('sends the files of its package as they are, for caches to keep', async () => {
    for (const name of ['swagger-ui-bundle.js', 'swagger-ui.css', 'favicon-32x32.png']) {
      const response = await get(`/docs/${name}`)

      assert.equal(response.headers.get('cache-control'), 'public, max-age=3600')
      const bytes = Buffer.from(await response.arrayBuffer())
      assert.deepEqual(bytes, readFileSync(resolve(`swagger-ui-dist/${name}`)))
    }
  })

  it('sends no other file, however it is spelt', async (t) => {
    const names = ['package.json', 'swagger-ui.css.map', '..%2fpackage.json', '..%5cpackage.json']
    const more = ['../package.json', '%2e%2e/package.json', '__proto__', 'swagger-ui.css%00', '.']
    const requests = [...names, ...more].map((name) => `GET /docs/${name} HTTP/1.1\r\nHost: x\r\n`)

    const answers = await Promise.all(
      requests.map((one) => exchange(t, server().url, `${one}Connection: close\r\n\r\n`)),
    )

    assert.deepEqual(
      answers.flatMap(statusesIn),
      requests.map(() => 404),
    )
  })
})

describe('/docs without swagger-ui-dist', { timeout: 20_000 }, () => {
  it('is not found, and says what is missing', async (t) => {
    const { url } = await serveRoutes(t, docsRoutes(undefined))

    const page = await readAnswer(await fetch(`${url}/docs`))
    const file = await readAnswer(await fetch(`${url}/docs/initializer.js`))

    assert.deepEqual([page.status, file.status], [404, 404])
    assert.equal(page.body.error_description, 'The package swagger-ui-dist is missing here.')
  })
})
