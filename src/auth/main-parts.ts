/** What each entry point of auth opens: the stores, the hashing, the core and its capabilities. */
import { randomUUID } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { createPasswords } from '../passwords/passwords.ts'
import { deriveByScrypt, recommendedParameters } from '../passwords/phc.ts'
import { createQueue } from '../passwords/queue.ts'
import type { ProcessContext } from '../run.ts'
import { migrationsOf } from '../storage/migration-folder.ts'
import { openTokenStore, openUserStore } from '../storage/open.ts'
import type { TokenSweeper } from '../storage/ports.ts'
import { corePurposes } from '../tokens/purposes.ts'
import { validateScope } from '../validation.ts'
import { eventsScope } from './account-port.ts'
import { capabilities } from './capabilities.ts'
import type { Core } from './capability.ts'
import { configuredClients } from './clients.ts'
import { type AssembledCore, assembleCore } from './core.ts'

/** How many logins may wait, for each hash that runs at once: the last of them waits about ten seconds. */
const waitingPerHash = 64

const migrations = migrationsOf(capabilities)

export interface Opened extends AssembledCore {
  /** Missing where the token store sweeps by itself. */
  readonly sweeper: TokenSweeper | undefined
}

/** The capabilities are not registered yet. */
export async function openCore({ config, log, clock, release }: ProcessContext): Promise<Opened> {
  const { tokens, sweeper, backing } = await openTokenStore({
    url: config.stores.tokens,
    clock,
    log,
    migrations,
    maxTokens: config.maxTokens,
    waitReplicas: config.redisWaitReplicas,
  })
  release(() => tokens.close())
  const accountStore = { url: config.stores.accounts, clock, log, migrations }
  const { users, backing: accountBacking } = await openUserStore(accountStore)
  release(() => users.close())

  // One core stays free of hashing, so that validations go on however many log in. More at once than Node has threads
  // for would wait behind one another where nobody counts them.
  const threads = Number(process.env.UV_THREADPOOL_SIZE ?? 4) // Node's own default
  const concurrency = Math.max(1, Math.min(availableParallelism() - 1, threads))
  const queue = createQueue({ concurrency, maxWaiting: waitingPerHash * concurrency })
  const passwords = createPasswords({
    parameters: recommendedParameters,
    queue,
    deriveKey: deriveByScrypt,
  })
  const assembled = assembleCore({
    environment: config.environment,
    tokens,
    tokenBacking: backing,
    users,
    accountBacking,
    clients: configuredClients([{ ...config.client, scopes: [validateScope, eventsScope] }]),
    passwords,
    purposes: corePurposes(config.lifetimes),
    requiresCertificate: config.tls?.clientCa !== undefined,
    log,
    clock,
    release,
  })
  return { ...assembled, sweeper }
}

export async function registerCapabilities(
  { core, additions }: AssembledCore,
  config: ProcessContext['config'],
): Promise<void> {
  for (const one of capabilities) additions.push(await one.register(core, config))
}

/** auth as scripts have it: all that it can do, and no job. */
export async function openRegisteredCore(context: ProcessContext): Promise<Core> {
  const opened = await openCore(context)
  await registerCapabilities(opened, context.config)
  return opened.core
}

/** Where an event comes from that a script reports. */
export function byScript() {
  return { requestId: randomUUID(), source: 'unknown' } as const
}
