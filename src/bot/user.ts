/** A user of both servers, who logs in again when his token is dead. */
import { randomBytes } from 'node:crypto'
import { BotError } from './bot-error.ts'
import { type Answer, type Call, type Client, describe } from './client.ts'

export interface Account {
  readonly username: string
  readonly password: string
}

export interface BotUser {
  /** Asks business, with a token that is alive. */
  ask(method: Call['method'], path: string, json?: unknown): Promise<Answer>
}

export interface Servers {
  readonly auth: string
  readonly business: string
}

/** Each time another one, of which nobody else knows. */
export function newAccount(): Account {
  const secret = () => randomBytes(18).toString('base64url')
  return { username: `bot-${secret()}@example.com`, password: secret() }
}

export async function register(client: Client, auth: string, account: Account): Promise<void> {
  const json = { ...account, name: 'Bot' }
  const answer = await client.ask({ method: 'POST', url: `${auth}/register`, json })
  if (answer.status === 201) return
  if (answer.status === 409) return // the answer to an earlier try was lost: nobody else has this name
  throw new BotError(
    `Nobody can register at ${auth}: ${describe(answer)}. It needs REGISTRATION=open, or use --accounts.`,
  )
}

/** How often a fresh token may be dead. */
const maxLogins = 3

export async function logIn(
  client: Client,
  { auth, business }: Servers,
  { username, password }: Account,
): Promise<BotUser> {
  async function newToken(): Promise<string> {
    const json = { username, password }
    const answer = await client.ask({ method: 'POST', url: `${auth}/login`, json })
    const { token } = answer.body
    if (answer.status === 200 && typeof token === 'string') return token
    throw new BotError(`A user cannot log in at ${auth}: ${describe(answer)}.`)
  }

  let current = newToken()
  await current
  return {
    async ask(method, path, json) {
      const call = { method, url: `${business}${path}`, ...(json === undefined ? {} : { json }) }
      for (let logins = 0; ; logins++) {
        const used = current
        const answer = await client.ask({ ...call, token: await used })
        if (answer.status !== 401 || logins === maxLogins) return answer
        if (used === current) current = newToken() // else somebody has just renewed it
      }
    },
  }
}
