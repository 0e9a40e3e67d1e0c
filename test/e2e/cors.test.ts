import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { demoCredentials } from '../kit/demo.ts'
import { logIn } from '../kit/servers.ts'
import { shareBoth } from '../kit/shared-servers.ts'

const origin = 'https://app.example.com'

describe('a page of an allowed origin', { timeout: 30_000 }, () => {
  const servers = shareBoth({ CORS_ORIGINS: `https://other.example,${origin}` })

  it('may read what both servers answer', async () => {
    const { auth, business } = servers()
    const headers = { origin, authorization: `Bearer ${await logIn(auth.url, demoCredentials)}` }

    const answers = await Promise.all([
      fetch(`${auth.url}/sessions`, { headers }),
      fetch(`${business.url}/data`, { headers }),
    ])

    const allowed = answers.map((one) => one.headers.get('access-control-allow-origin'))
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200],
    )
    assert.deepEqual(allowed, [origin, origin])
  })
})
