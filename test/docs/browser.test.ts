/** The page as a browser has it. Nothing but a browser knows whether its policy lets it work. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { chromium, type Page } from 'playwright-core'
import { demoCredentials } from '../kit/demo.ts'
import { pathOf, skipUnless } from '../kit/installed.ts'
import { logIn } from '../kit/servers.ts'
import { share, shareBoth } from '../kit/shared-servers.ts'

describe('/docs in a browser', { timeout: 120_000, skip: skipUnless('chromium') }, () => {
  const servers = shareBoth()
  const browser = share(async (t) => {
    const executablePath = pathOf('chromium')
    // Its sandbox wants what containers do not give; it meets no page but ours.
    const started = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
    t.after(() => started.close())
    return started
  })

  /** The page of a server, and what it complained of. */
  async function open(url: string): Promise<{ page: Page; complaints: string[] }> {
    const page = await browser().newPage()
    const complaints: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning')
        complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('requestfailed', (request) => complaints.push(`no answer: ${request.url()}`))
    await page.goto(`${url}/docs`)
    await page.locator('.opblock').first().waitFor()
    return { page, complaints }
  }

  it('authorizes a user, and tries out GET /data', async () => {
    const { auth, business } = servers()
    const token = await logIn(auth.url, demoCredentials)
    const { page, complaints } = await open(business.url)

    await page.locator('button.authorize').first().click()
    const scheme = page.locator('.auth-container').filter({ hasText: 'user (http, Bearer)' })
    await scheme.locator('input').fill(token)
    await scheme.locator('button[type=submit]').click()
    await page.locator('button.btn-done').first().click()
    const operation = page.locator('#operations-data-getData')
    await operation.locator('.opblock-summary-control').click()
    await operation.locator('button.try-out__btn').click()
    await operation.locator('button.execute').click()
    const answer = operation.locator('.live-responses-table .response')
    await answer.waitFor()

    assert.match(await answer.innerText(), /^200[\s\S]*Hello, /)
    assert.deepEqual(complaints, [])
  })

  it("shows each of auth's calls", async () => {
    const { auth } = servers()
    const { page, complaints } = await open(auth.url)
    const document = (await (await fetch(`${auth.url}/openapi.json`)).json()) as {
      paths: Record<string, object>
    }
    const calls = Object.values(document.paths).flatMap((methods) => Object.keys(methods))

    const shown = await page.locator('.opblock').count()

    assert.equal(shown, calls.length)
    assert.deepEqual(complaints, [])
  })
})
