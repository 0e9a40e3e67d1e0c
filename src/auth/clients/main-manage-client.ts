/** Makes clients in the account store, lists and changes them. A fresh secret is printed, behind the id, once. */
import { systemClock } from '../../clock.ts'
import { Refusal } from '../../http/refusal.ts'
import { createLog } from '../../log.ts'
import { readConfigOrExit, reasonOf } from '../../run.ts'
import { openTokenStore, openUserStore } from '../../storage/open.ts'
import { corePurposes } from '../../tokens/purposes.ts'
import { extensionsOf, migrationsOf } from '../capability.ts'
import { configuredClients, subjectOf } from '../clients.ts'
import { type Command, readCommand, usage } from './client-commands.ts'
import { manageClients } from './manage-clients.ts'
import { openClientStore } from './open-client-store.ts'
import { clients, manageClientProgram } from './register.ts'

const command = commandOrExit()
const config = readConfigOrExit(process.env, [manageClientProgram], extensionsOf([clients]))
const log = createLog({
  server: manageClientProgram,
  level: config.logLevel,
  isReadable: process.stderr.isTTY,
  write: (line) => process.stderr.write(line),
  now: systemClock.now,
})
const common = { clock: systemClock, log, migrations: migrationsOf([clients]) }
try {
  await work()
} catch (error) {
  complain(error instanceof Refusal ? error.message : reasonOf(error))
  process.exitCode = 1
}

async function work(): Promise<void> {
  const { users, backing } = await openUserStore({ ...common, url: config.stores.accounts })
  try {
    const management = manageClients({
      store: await openClientStore(backing, systemClock),
      clients: configuredClients([{ ...config.client, scopes: [] }]),
      endTokens,
    })
    await command(management, (line) => process.stdout.write(`${line}\n`))
  } finally {
    await users.close()
  }
}

async function endTokens(client: { readonly id: string }): Promise<void> {
  const url = config.stores.tokens
  if (url.kind === 'memory') {
    complain(
      'It gets no token any more; those that it has live on until they expire by themselves.',
    )
    return
  }
  const { maxTokens, redisWaitReplicas: waitReplicas, lifetimes } = config
  const { tokens } = await openTokenStore({ ...common, url, maxTokens, waitReplicas })
  try {
    await tokens.revokeSubject(subjectOf(client), [corePurposes(lifetimes).service])
  } finally {
    await tokens.close()
  }
}

/** Nothing of a wrong argument is repeated: it may be a secret in the wrong place. */
function commandOrExit(): Command {
  const asked = readCommand(process.argv.slice(2))
  if (asked !== undefined) return asked
  complain(usage)
  process.exit(1)
}

function complain(sentence: string): void {
  process.stderr.write(`${sentence}\n`)
}
