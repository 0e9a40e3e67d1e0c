import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { skipUnless } from './installed.ts'
import { render, startNginx } from './nginx.ts'

const skip = skipUnless('nginx')

function writeTemplate(t: TestContext, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-template-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'default.conf.template')
  writeFileSync(path, text)
  return path
}

const twoServers = `
server { listen 127.0.0.1:\${ONE_PORT}; location / { return 200 '\${WORD} $request_method'; } }
server { listen 127.0.0.1:\${OTHER_PORT}; location / { return 200 other; } }
`
const ports = ['ONE_PORT', 'OTHER_PORT']

describe('an nginx of the kit', { skip }, () => {
  it('serves what the template says on its free ports, and logs it', async (t) => {
    const template = writeTemplate(t, twoServers)

    const nginx = await startNginx(t, { template, ports, variables: { WORD: 'hello' } })

    const [one, other] = ports.map((name) => `http://127.0.0.1:${nginx.port(name)}/path`)
    assert.equal(await textOf(one), 'hello GET')
    assert.equal(await textOf(other), 'other')
    assert.match(nginx.accessLog(), /GET \/path/)
  })

  it('reads the template again with other variables', async (t) => {
    const template = writeTemplate(t, twoServers)
    const nginx = await startNginx(t, { template, ports, variables: { WORD: 'hello' } })

    await nginx.reload({ WORD: 'goodbye' })

    assert.equal(await textOf(`http://127.0.0.1:${nginx.port('ONE_PORT')}`), 'goodbye GET')
  })

  it('goes on as it was where it cannot reload, and says why', async (t) => {
    const template = writeTemplate(t, twoServers)
    const nginx = await startNginx(t, { template, ports, variables: { WORD: 'hello' } })

    await assert.rejects(nginx.reload({ WORD: "'" }), /\[emerg\]/)

    assert.equal(await textOf(`http://127.0.0.1:${nginx.port('ONE_PORT')}`), 'hello GET')
  })

  it('takes bodies that do not fit into memory', async (t) => {
    const template = writeTemplate(
      t,
      `server { listen 127.0.0.1:\${PORT}; client_body_in_file_only clean;
        location / { proxy_pass http://127.0.0.1:\${PORT}/inner; } location /inner { return 200 got; } }`,
    )
    const nginx = await startNginx(t, { template, ports: ['PORT'] })

    const body = 'x'.repeat(100_000)
    const response = await fetch(`http://127.0.0.1:${nginx.port('PORT')}/`, {
      method: 'POST',
      body,
    })

    assert.equal(await response.text(), 'got')
  })

  it('says why it did not start', async (t) => {
    const template = writeTemplate(t, 'nonsense;')

    await assert.rejects(startNginx(t, { template, ports: [] }), /unknown directive "nonsense"/)
  })
})

describe('a template', () => {
  it('has the given names replaced, with and without braces, and no others', () => {
    const text = render(`\${A} $A $AB $host \${host} \${B}`, { A: 'one', B: '$A' })

    assert.equal(text, `one one $AB $host \${host} $A`)
  })
})

async function textOf(url: string | undefined): Promise<string> {
  return await (await fetch(url ?? '')).text()
}
