/** auth with all that it can, inside the test's own process, and people who come and go there by their mails. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { capabilities } from '../../src/auth/capabilities.ts'
import { post } from './auth-calls.ts'
import { mailFolder } from './mail-folder.ts'
import { aliveAt, type Held, logInTwice, type Person, somebody } from './people.ts'
import { logIn, startTestAuth, type TestAuthOptions, testClient } from './servers.ts'

export interface Member extends Person, Held {
  readonly id: string
}

export async function startWholeAuth(t: TestContext, options: TestAuthOptions = {}) {
  const { MAIL_DIR, nextToken } = mailFolder(t)
  const environment = { REGISTRATION: 'verified', MAIL_DIR, ...options.environment }
  const auth = await startTestAuth(t, { ...options, capabilities, environment })
  const { url, core } = auth

  async function askForMail(path: string, username: string): Promise<string> {
    const { status } = await post(`${url}${path}`, { json: { username } })
    assert.equal(status, 202)
    return await nextToken(username)
  }

  return {
    ...auth,
    nextToken,
    askForMail,
    /** Registers by mail, and logs in both ways. */
    join: async (person = somebody()): Promise<Member> => {
      const token = await askForMail('/register', person.username)
      const { name, password } = person
      const json = { token, name, password }
      const { status, body } = await post(`${url}/register/finish`, { json })
      assert.equal(status, 201, JSON.stringify(body))
      return { ...person, id: String(body.id), ...(await logInTwice(url, person)) }
    },
    /** The session of an administrator. */
    administrator: async (): Promise<string> => {
      const { username, name, password } = somebody()
      const fields = { username, name, password, roles: ['administrator'] }
      await core.accounts()?.ensure(fields)
      return await logIn(url, { username, password })
    },
    /** What of it is alive. */
    alive: ({ session, access, refresh }: Held) =>
      aliveAt(url, { session, access, refresh }, testClient),
  }
}

export type WholeAuth = Awaited<ReturnType<typeof startWholeAuth>>
