/** Makes clients in the account store, lists and changes them. A fresh secret is printed, behind the id, once. */
import type { ProcessContext } from '../../run.ts'
import { readArgumentsOrExit, runScript } from '../../script.ts'
import { openTokenStore, openUserStore } from '../../storage/open.ts'
import { corePurposes } from '../../tokens/purposes.ts'
import { extensionsOf, migrationsOf } from '../capability.ts'
import { configuredClients, subjectOf } from '../clients.ts'
import { readCommand, usage } from './client-commands.ts'
import { manageClients } from './manage-clients.ts'
import { openClientStore } from './open-client-store.ts'
import { clients, manageClientProgram } from './register.ts'

const command = readArgumentsOrExit(usage, () => readCommand(process.argv.slice(2)))
const script = {
  name: manageClientProgram,
  programs: [manageClientProgram],
  extensions: extensionsOf([clients]),
}
const migrations = migrationsOf([clients])

await runScript(script, process.env, async (context) => {
  const { config, log, clock, release } = context
  const { client, stores } = config
  const opened = await openUserStore({ url: stores.accounts, clock, log, migrations })
  release(() => opened.users.close())
  const management = manageClients({
    store: await openClientStore(opened.backing, clock),
    clients: configuredClients([{ ...client, scopes: [] }]),
    endTokens: (one) => endTokens(context, one),
  })
  await command(management, (line) => process.stdout.write(`${line}\n`))
})

async function endTokens(
  { config, log, clock, release }: ProcessContext,
  client: { readonly id: string },
): Promise<void> {
  const url = config.stores.tokens
  if (url.kind === 'memory') {
    process.stderr.write(
      'It gets no token any more; those that it has live on until they expire by themselves.\n',
    )
    return
  }
  const { maxTokens, redisWaitReplicas: waitReplicas, lifetimes } = config
  const options = { url, clock, log, migrations, maxTokens, waitReplicas }
  const { tokens } = await openTokenStore(options)
  release(() => tokens.close())
  await tokens.revokeSubject(subjectOf(client), [corePurposes(lifetimes).service])
}
