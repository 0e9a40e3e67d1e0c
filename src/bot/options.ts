import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import type { Extent } from './plan.ts'
import type { Account, Servers } from './user.ts'

export const usage = `Usage: bot [options]

Registers users, who write posts and vote on them, and compares what business shows then with what it accepted. What it
writes stays there. Ctrl-C ends the voting, and what was sent by then is compared. Ends with 0 where nothing is off.

  --users N        how many; 10
  --posts N        how many they write together; 20
  --votes N        of each user; 100
  --concurrency N  how many requests at once; 16
  --seed N         the same votes as another run with that seed; else one by chance
  --patience N     for how many seconds what fails is tried again, and counts may be wrong; 60
  --accounts FILE  log these in instead of registering any: a user name, a space and a password on each line
  --auth URL       http://127.0.0.1:4000
  --business URL   http://127.0.0.1:4001
  --help
`

export interface BotOptions extends Extent {
  readonly concurrency: number
  readonly patienceSeconds: number
  readonly servers: Servers
  /** Who to log in; `undefined` where users are to be registered. */
  readonly accounts: readonly Account[] | undefined
}

/** `undefined` where help is wanted. Throws where an argument is wrong, or the file of accounts. */
export function readOptions(
  args: readonly string[],
  readFile: (path: string) => string,
): BotOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      users: { type: 'string', default: '10' },
      posts: { type: 'string', default: '20' },
      votes: { type: 'string', default: '100' },
      concurrency: { type: 'string', default: '16' },
      seed: { type: 'string', default: String(randomInt(1_000_000_000)) },
      patience: { type: 'string', default: '60' },
      accounts: { type: 'string' },
      auth: { type: 'string', default: 'http://127.0.0.1:4000' },
      business: { type: 'string', default: 'http://127.0.0.1:4001' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return undefined
  const { accounts } = values
  return {
    users: readNumber(values.users, 1, 10_000),
    posts: readNumber(values.posts, 1, 100_000),
    votes: readNumber(values.votes, 0, 100_000_000),
    concurrency: readNumber(values.concurrency, 1, 1_024),
    seed: readNumber(values.seed, 0, Number.MAX_SAFE_INTEGER),
    patienceSeconds: readNumber(values.patience, 0, 86_400),
    servers: { auth: readUrl(values.auth), business: readUrl(values.business) },
    accounts: accounts === undefined ? undefined : readAccounts(readFile(accounts)),
  }
}

function readNumber(text: string, least: number, most: number): number {
  const number = Number(text)
  if (!/^\d+$/.test(text) || number < least || number > most) throw new RangeError('no such number')
  return number
}

/** Without a slash at its end. */
function readUrl(text: string): string {
  const { protocol, href } = new URL(text)
  if (protocol !== 'http:' && protocol !== 'https:') throw new TypeError('not HTTP')
  return href.replace(/\/+$/, '')
}

function readAccounts(text: string): readonly Account[] {
  const lines = text.split(/\r?\n/).filter((line) => line !== '')
  const accounts = lines.map((line) => {
    const [, username, password] = /^(\S+) (.+)$/.exec(line) ?? []
    if (username === undefined || password === undefined) throw new TypeError('not an account')
    return { username, password }
  })
  if (accounts.length === 0) throw new TypeError('no accounts')
  return accounts
}
