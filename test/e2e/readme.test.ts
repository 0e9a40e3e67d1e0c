import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { capabilities } from '../../src/auth/capabilities.ts'
import { authRoutes } from '../../src/auth/routes.ts'
import { capabilities as businessCapabilities } from '../../src/business/capabilities.ts'
import { businessRoutes } from '../../src/business/routes.ts'
import { readConfig } from '../../src/config.ts'
import { refusals } from '../../src/http/refusal.ts'
import type { Route } from '../../src/http/router.ts'
import type { VariableTable } from '../../src/variable-kinds.ts'
import { variables } from '../../src/variables.ts'
import { startBoth } from '../kit/processes.ts'
import { readme, tableAfter } from '../kit/readme.ts'
import { startTestAuth, startTestBusiness } from '../kit/servers.ts'

function blocks(language: string): string[] {
  return [...readme.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map(
    ([, content = '']) => content,
  )
}

describe('the README', () => {
  it('has curl lines that do what it says', async (t) => {
    const { auth, business } = await startBoth(t)
    const lines = blocks('sh').find((block) => block.includes('curl')) ?? ''
    const addressed = lines
      .replaceAll('http://127.0.0.1:4000', auth.url)
      .replaceAll('http://127.0.0.1:4001', business.url)
    const again = addressed.split('\n')[1] ?? ''

    const { stdout } = spawnSync('bash', ['-ec', `${addressed}\n${again}`], { encoding: 'utf8' })

    const [data = '', refusal = ''] = stdout.split(/(?<=\})(?=\{"error)/)
    const [dataShown = '', refusalShown = ''] = blocks('json')
    assert.deepEqual(shapeOf(JSON.parse(data)), shapeOf(JSON.parse(dataShown)))
    assert.equal(JSON.parse(data).data.greeting, JSON.parse(dataShown).data.greeting)
    assert.deepEqual(shapeOf(JSON.parse(refusal)), shapeOf(JSON.parse(refusalShown)))
    assert.equal(JSON.parse(refusal).error, JSON.parse(refusalShown).error)
  })

  it('lists each code with its status, and no other', () => {
    const listed = tableAfter('with one of these codes').map(([code, status]) => [code, status])

    const declared = Object.entries(refusals).map(([code, { status }]) => [code, String(status)])

    assert.deepEqual(listed.sort(), declared.sort())
  })

  it('lists each variable with its default, and no other', () => {
    const listed = tableAfter('## Configuration').map(([name, byDefault]) => [name, byDefault])

    const declared = Object.entries(everyVariable()).map(([name, variable]) => [
      name,
      'default' in variable ? variable.default : '–',
    ])

    assert.deepEqual(listed.sort(), declared.sort())
  })

  it('lists each endpoint, and no other', async (t) => {
    const listed = tableAfter('## Endpoints').map(([server, call]) => `${server} ${call}`)

    const { additions, url: authUrl } = await startTestAuth(t, { capabilities })
    const auth = callsOf(authRoutes(unusedDependencies({ additions })))
    const ofBusiness = await startTestBusiness(t, { authUrl, capabilities: businessCapabilities })
    const business = callsOf(
      businessRoutes(unusedDependencies({ additions: ofBusiness.additions })),
    )
    const declared = [
      ...auth.filter((call) => !business.includes(call)).map((call) => `auth ${call}`),
      ...business.filter((call) => !auth.includes(call)).map((call) => `business ${call}`),
      ...auth.filter((call) => business.includes(call)).map((call) => `both ${call}`),
    ]

    assert.deepEqual(listed.sort(), declared.sort())
  })

  it('names only files and folders that are there', () => {
    const paths = [
      ...readme.matchAll(/`((?:src|test|postman|scripts)\/[\w./-]*|\.\/scripts\/\w+)/g),
    ]

    const missing = paths.map(([, path = '']) => path).filter((path) => !isThere(path))

    assert.ok(paths.length > 10)
    assert.deepEqual(missing, [])
  })
})

describe('.env.example', () => {
  const text = readFileSync('.env.example', 'utf8')
  const assignments = [...text.matchAll(/^(?:# )?([A-Z_]+)=(.*)$/gm)]

  it('names each variable, and no other', () => {
    const named = assignments.map(([, name]) => name)

    assert.deepEqual(named.sort(), Object.keys(everyVariable()).sort())
  })

  it('is the configuration that holds without it', () => {
    const set = assignments.filter(([line]) => !line.startsWith('#'))
    const environment = Object.fromEntries(set.map(([, name, value]) => [name, value]))

    const servers = ['auth', 'business'] as const
    const extensions = [...capabilities, ...businessCapabilities].map((one) => one.extension)

    const config = readConfig(environment, servers, extensions)

    assert.deepEqual(config, readConfig({}, servers, extensions))
  })
})

/** The names in a value, without what stands behind them. */
function shapeOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return typeof value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shapeOf(one)]))
}

function callsOf(routes: readonly Route[]): string[] {
  return routes.flatMap(({ path, endpoints }) =>
    Object.keys(endpoints).map((method) => `${method} ${path}`),
  )
}

/** Those of the core and of its capabilities. */
function everyVariable(): VariableTable {
  const extensions = [...capabilities, ...businessCapabilities].map((one) => one.extension)
  const tables = [variables, ...extensions.map((one) => one.variables)]
  return Object.assign({}, ...tables) as VariableTable // tables make a table
}

/** To list routes is not to call them, so whatever they are given will do. */
function unusedDependencies(known: object = {}): never {
  const get = (_: object, name: string) => Reflect.get(known, name) ?? {}
  return new Proxy({}, { get }) as never
}

function isThere(path: string): boolean {
  return spawnSync('ls', [path]).status === 0
}
