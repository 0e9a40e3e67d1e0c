/** A process of its own: auth with mail, on the Postgres of `ACCOUNT_STORE`, which asks for mails as its parent says. */
import type { TestContext } from 'node:test'
import { capability } from '../../../src/auth/capability.ts'
import { mail } from '../../../src/auth/mail/register.ts'
import { recordedLog } from '../../kit/log.ts'
import { startTestAuth } from '../../kit/servers.ts'
import { serveStore } from '../../storage/other-process.ts'
import { openAccountBacking } from '../../storage/postgres/open-stores.ts'
import { hello } from './mail-kit.ts'

const { ACCOUNT_STORE = '', ...environment } = process.env
const t = { after() {} } as unknown as TestContext // whoever started it ends it
const { backing } = await openAccountBacking(t, ACCOUNT_STORE)
if (backing.kind !== 'postgres') throw new TypeError('ACCOUNT_STORE must be the URL of a Postgres')
const { database } = backing
const log = recordedLog()
const templates = capability({ name: 'test', register: () => ({ mailTemplates: [hello()] }) })
const capabilities = [mail, templates]
const { core } = await startTestAuth(t, { accountBacking: backing, capabilities, environment, log })
const outbox = core.outbox()
if (outbox === undefined) throw new TypeError('mail brings an outbox')

const acts = {
  /** Resolves when it is committed. Does not look. */
  ask: async (sub: string) =>
    void (await database.runTogether([outbox.statementFor({ template: 'test/hello', sub })])),
  look: async () => outbox.look(),
  pid: async () => process.pid,
  close: async () => process.exit(),
}
serveStore(acts, log)
