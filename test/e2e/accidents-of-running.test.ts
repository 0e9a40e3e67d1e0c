/** Accidents that happen between the code and its process: what an entry point forgets, and a runner that runs nothing. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { demoClient, demoServiceToken, logInDemo, postLogin, postValidation } from '../kit/demo.ts'
import { startAuth } from '../kit/processes.ts'

describe('Accidents of the production entry point', () => {
  it('never tells the expires_in of a different token', async (t) => {
    const auth = await startAuth(t, { SESSION_TTL_SECONDS: '5', SESSION_CAP_SECONDS: '6' })
    const service = await demoServiceToken(auth.url)
    const older = await logInDemo(auth.url)
    await wait(1_100)
    const younger = await logInDemo(auth.url)

    const response = await postValidation(auth.url, `Bearer ${service}`, {
      tokens: [older, younger, older],
    })

    const { results } = (await response.json()) as { results: Record<string, number>[] }
    const [first, second, third] = results
    assert.equal(first?.expires_in, first?.cap_in)
    assert.match(String(first?.expires_in), /^[34]$/)
    assert.equal(second?.expires_in, 5)
    assert.deepEqual(third, first)
  })

  it('never tells the lifetime of a session to who gets a service token', async (t) => {
    const auth = await startAuth(t, { SESSION_TTL_SECONDS: '3', SERVICE_TTL_SECONDS: '77' })
    const authorization = `Basic ${Buffer.from(`${demoClient.id}:${demoClient.secret}`).toString('base64')}`

    const session = await postLogin(auth.url)
    const service = await fetch(`${auth.url}/token`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=client_credentials',
    })

    assert.equal(Reflect.get(Object(await session.json()), 'expires_in'), 3)
    assert.equal(Reflect.get(Object(await service.json()), 'expires_in'), 77)
  })
})

describe('Accidents of the test runner', () => {
  it('is never green where no test ran', async () => {
    const child = execFile('scripts/testFiles', ['no-test-has-this-name'])
    let complaint = ''
    child.stderr?.on('data', (chunk) => {
      complaint += chunk
    })

    const [code] = await once(child, 'close')

    assert.equal(code, 1)
    assert.equal(complaint, 'There is no such test.\n')
  })
})
